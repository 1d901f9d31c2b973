/** A value that is there, or will be: whoever must wait for nothing does not pay for a promise. */
export type Promised<T> = T | Promise<T>;

/**
 * Has this value still to be waited for? By what it can do and not by `instanceof`: a library may have put another class
 * in the place of `Promise`, and a promise that is taken for the claims would let everybody in.
 */
export function isLate<T>(value: Promised<T>): value is Promise<T> {
  return typeof (value as { readonly then?: unknown } | null | undefined)?.then === 'function';
}

/** Goes on with a value: at once where it is there. */
export function andThen<T, U>(value: Promised<T>, next: (value: T) => Promised<U>): Promised<U> {
  return isLate(value) ? value.then(next) : next(value);
}
