/** A refresh token as the authority knows it: by its hash. */
export interface RefreshTokenRecord {
  /** SHA-256 of the token in base64url: enough to recognise it, and not to use it. */
  readonly hash: string;
  readonly sub: string;
  readonly clientId: string;
  readonly scope: string;
  /** What the user and the app have agreed on; rotation keeps it. */
  readonly grantId: string;
  /** How often it was rotated since the sign-in. */
  readonly rotations: number;
  /** Both in seconds since the epoch. */
  readonly issuedAt: number;
  readonly expiresAt: number;
}

/** Which refresh tokens; what is left out does not matter. */
export interface RefreshTokenFilter {
  readonly hash?: string | undefined;
  readonly sub?: string | undefined;
  readonly clientId?: string | undefined;
  /** Both in seconds since the epoch: from this second on, and before that one. */
  readonly issuedFrom?: number | undefined;
  readonly issuedBefore?: number | undefined;
}
