declare module 'fs-native-extensions' {
  /** Asks for an exclusive lock on the whole file; false when another file description holds it. */
  export function tryLock(fd: number): boolean;
  export function unlock(fd: number): void;
}
