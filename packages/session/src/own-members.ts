/**
 * A copy that has the object's own members and nothing else. Where some other code of the app lets a stranger write to
 * `Object.prototype`, what is absent from settings and options stays absent: `allowHttp`, `proxy`, `clientSecret` (CWE-1321).
 */
export function ownMembers<T extends object>(object: T): T {
  return Object.assign(Object.create(null), object);
}
