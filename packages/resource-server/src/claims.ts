/**
 * What the application itself knows about the user: regions, roles. Declare it once for all of the code:
 * `declare module '@deskauth/resource-server' { interface OwnClaims { regions: string[] } }`
 */
// biome-ignore lint/suspicious/noEmptyInterface: applications add their members to it
export interface OwnClaims {}

/** Who calls, through which application, and what they may do: the one object that business logic needs. */
export interface Claims {
  readonly issuer: string;
  /** The user, unique within the issuer: the claim that `userIdClaim` names. With `issuer` it is the principal. */
  readonly userId: string;
  /** `sub`; machine clients of some servers have none. */
  readonly subject: string | undefined;
  /** The application that was given the token. */
  readonly clientId: string | undefined;
  readonly audience: readonly string[];
  readonly scopes: readonly string[];
  /** Seconds since the epoch. */
  readonly expiresAt: number;
  /** Every claim of the token under the name that the server gave it. Frozen: requests share this object. */
  readonly token: Readonly<Record<string, unknown>>;
  /** The answer of the userinfo endpoint, where the settings ask for it. Frozen. */
  readonly userInfo: Readonly<Record<string, unknown>> | undefined;
  /** What the `ownClaims` of the settings gave; shared by requests, so treat it as read-only. */
  readonly own: OwnClaims;
}

/** The claims as the token alone gives them. */
export type TokenClaims = Omit<Claims, 'userInfo' | 'own'>;

/** One key for the user among the users of all issuers: a user id alone may belong to two people (RFC 8725 §3.8). */
export function principalOf({ issuer, userId }: TokenClaims): string {
  return JSON.stringify([issuer, userId]);
}

/** Freezes a JSON value to the bottom. */
export function freezeDeep<T extends object>(value: T): T {
  for (const name in value) {
    const member = value[name];
    if (typeof member === 'object' && member !== null && !Object.isFrozen(member)) freezeDeep(member);
  }
  return Object.freeze(value);
}
