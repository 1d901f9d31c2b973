/** Paths of the endpoints, from the root of the authority's address. */
export interface Routes {
  readonly authorization: string;
  readonly token: string;
  readonly userinfo: string;
  readonly jwks: string;
  readonly introspection: string;
  readonly revocation: string;
  readonly end_session: string;
  readonly pushed_authorization_request: string;
  readonly device_authorization: string;
  readonly code_verification: string;
}

/** What an authorization server may not have. */
export type Lack =
  | 'userinfo'
  | 'introspection'
  | 'revocation'
  | 'end_session'
  | 'pushed_authorization_request'
  | 'device_authorization'
  | 'dpop';

/** How a redirect URI is compared with the registered ones of a native client. */
export type RedirectMatch =
  /** As text, the port too. */
  | 'exact'
  /** A loopback address with any port (RFC 8252 §7.3). */
  | 'any-port'
  /** The same, and `*` at the end stands for any path. */
  | 'any-port-or-path';

/** A sign-out of a provider's own, in the place of RP-Initiated Logout. */
export interface VendorSignOut {
  readonly path: string;
  /** What the parameter is called that says where to go afterwards. */
  readonly returnParameter: string;
}

/** How one provider differs from the next, as data. */
export interface Profile {
  /** The provider, as people call it. */
  readonly title: string;
  /** What follows the origin in the issuer; `/` at its end counts. */
  readonly issuerPath: string;
  /** Where the metadata is, if not under the issuer. */
  readonly metadataPath?: string;
  readonly routes: Routes;
  readonly redirectMatch: RedirectMatch;
  /** The hosts that a loopback redirect URI may be registered with. */
  readonly loopbackHosts: readonly string[];
  /** Ports that the built-in native clients are registered with; none where any port is taken. */
  readonly redirectPorts: readonly number[];
  /** Paths of the built-in native clients. */
  readonly redirectPath: string;
  readonly signOutPath: string;
  /** Wanted from native clients at the token endpoint, though it is no secret there. */
  readonly nativeClientSecret?: string;
  /**
   * How an app says that its access token is for the API. `always`: it need not. `audience`, `resource`: by that parameter. `scope`:
   * by scopes that begin with the API's name. `never`: access tokens are for the provider's own endpoints alone.
   */
  readonly apiBy: 'always' | 'audience' | 'resource' | 'scope' | 'never';
  /** By what a native client gets a refresh token. `always`: by nothing. */
  readonly longSessionBy: 'offline_access' | 'access_type' | 'always';
  readonly rotatesRefreshTokens: boolean;
  /** How long a rotated refresh token is still good, in seconds. */
  readonly refreshGraceSeconds: number;
  /** What the answer to a refresh does not have. */
  readonly refreshAnswerOmits: readonly string[];
  readonly lacks: readonly Lack[];
  readonly signOut?: VendorSignOut;
  /** Sign-out without an `id_token_hint` is refused. */
  readonly signOutNeedsHint: boolean;
  /** Endpoints whose answers pages of other origins cannot read. */
  readonly withoutCors: readonly (keyof Routes)[];
  /** Says who it is in the authorization response (RFC 9207). */
  readonly namesItself: boolean;
  /** The `typ` of its access tokens, and their claims in place of those of RFC 9068. */
  readonly accessTokenType: string | undefined;
  accessTokenClaims(claims: TokenClaims): TokenClaims;
}

/** The claims of a token. */
export type TokenClaims = Record<string, unknown>;
