import type { OwnClaims, TokenClaims } from './claims.ts';
import type { ProxySettings } from './proxy.ts';
import type { ReplayStore } from './replay-store.ts';
import type { SecondLevelSettings } from './second-level.ts';
import type { TokenCookieSettings } from './token-cookie.ts';

/** Signature algorithms that an API may accept: asymmetric only, since an API must not be able to make tokens. */
export type SignatureAlgorithm = (typeof SIGNATURE_ALGORITHMS)[number];

/** Every algorithm that may be listed. */
export const SIGNATURE_ALGORITHMS = [
  ...(['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'] as const),
  ...(['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'] as const),
];

/** What an API says about itself and its authorization server. All but the functions can come from a JSON file. */
export interface AccessTokenVerifierSettings extends ProxySettings {
  /** Issuer identifier, exactly as the server states it: case, port and trailing slash matter (RFC 8414 §3.3). */
  readonly issuer: string;
  /** What tokens for this API have as `aud`; one of these is enough. */
  readonly audience: string | readonly string[];
  /**
   * `scope`: where a token has no `aud`, as those of Cognito, the scopes say which APIs it is for: what stands before
   * their last slash.
   * @default 'aud'
   */
  readonly audienceFrom?: 'aud' | 'scope' | undefined;
  /** Audiences that may stand beside ours in one token. @default none: a token for two APIs is refused */
  readonly otherAudiences?: readonly string[] | undefined;
  /** Where the metadata is, if not at the issuer. @default issuer + '/.well-known/openid-configuration' */
  readonly discoveryUrl?: string | undefined;
  /** Accepted signature algorithms. @default RS256, PS256, ES256, EdDSA, Ed25519 */
  readonly algorithms?: readonly SignatureAlgorithm[] | undefined;
  /**
   * The `typ` that tokens must have. `'JWT'` is for servers older than RFC 9068: it accepts `at+jwt`, `JWT`, Okta's own type and none,
   * and with them the risk that another kind of token passes for an access token. @default 'at+jwt'
   */
  readonly requiredType?: 'at+jwt' | 'JWT' | undefined;
  /** How far the clocks of API and authorization server may be apart, in seconds. @default 30 */
  readonly clockToleranceSeconds?: number | undefined;
  /** The claim that identifies the user: `sub`, `oid` … @default 'sub' */
  readonly userIdClaim?: string | undefined;
  /** Client ids that may call. @default every client of the issuer */
  readonly allowedClients?: readonly string[] | undefined;
  /** Longest accepted token, in characters. @default 8192 */
  readonly maxTokenLength?: number | undefined;
  /** The https address that identifies this API in its metadata (RFC 9728). @default no metadata */
  readonly resource?: string | undefined;
  /** The scopes of this API, for its metadata. @default not named */
  readonly scopes?: readonly string[] | undefined;
  /** Named in challenges. @default the first audience */
  readonly realm?: string | undefined;
  /** How long the authorization server may take for one answer, in seconds. @default 5 */
  readonly timeLimitSeconds?: number | undefined;
  /** Signing keys older than this are not used while the server answers, in seconds. @default 600 */
  readonly keysMaxAgeSeconds?: number | undefined;
  /** How long the last good keys are used while the server does not answer, in seconds. @default 86400 */
  readonly keysOutageLimitSeconds?: number | undefined;
  /** The least time between two key fetches that unknown key ids can provoke, in seconds. @default 10 */
  readonly keysCooldownSeconds?: number | undefined;
  /**
   * Asks the server's introspection endpoint about each new token instead of reading the token: for opaque tokens, and
   * where a revoked token must stop working within a minute. @default tokens are JWTs and are checked in memory
   */
  readonly introspection?: IntrospectionSettings | undefined;
  /** Looks the user up at the userinfo endpoint, once per token with the scope `openid`. @default false */
  readonly userInfo?: boolean | undefined;
  /** Adds the application's own data to the claims, once per token. What it throws becomes `API_CLAIMS_UNAVAILABLE`. */
  readonly ownClaims?: ((claims: TokenClaims) => OwnClaims | Promise<OwnClaims>) | undefined;
  /**
   * How long claims are remembered, in seconds; never past the token's expiry. 0 remembers nothing.
   * @default 3600, with introspection 60
   */
  readonly claimsMaxAgeSeconds?: number | undefined;
  /** How many tokens are remembered, at about 700 bytes each. @default 100000 */
  readonly claimsMaxEntries?: number | undefined;
  /** How many of them may belong to one user. @default 1000 */
  readonly claimsMaxPerUser?: number | undefined;
  /** Accepts tokens that are bound to a key of the client (RFC 9449). @default such tokens are refused */
  readonly dpop?: DpopSettings | undefined;
  /**
   * Accepts tokens that are bound to a certificate of the client (RFC 8705), where Node itself ends TLS and asks for one
   * (`requestCert`). @default false: such tokens are refused
   */
  readonly mutualTls?: boolean | undefined;
  /** Takes the token from a cookie where a request has no Authorization header. @default never */
  readonly tokenCookie?: TokenCookieSettings | undefined;
  /** The client id that the authorization server sends logout tokens for. @default none are accepted */
  readonly logoutClientId?: string | undefined;
  /** How long revocations are remembered, in seconds: longer than access tokens live. @default 86400 */
  readonly revocationsMaxAgeSeconds?: number | undefined;
  /** What instances of this API share: remembered answers and revocations. @default each instance is on its own */
  readonly secondLevel?: SecondLevelSettings | undefined;
  /** Permits `http:` for an issuer on a loopback address, for development. @default false */
  readonly allowHttp?: boolean | undefined;
  /** Used for every request to the authorization server, instead of the proxy. @default fetch, through the proxy if any */
  readonly fetch?: typeof fetch | undefined;
  /** Seconds since the epoch. @default the system clock */
  readonly clock?: (() => number) | undefined;
}

/** How this API introduces itself to the introspection endpoint (RFC 7662 §2.1). */
export interface IntrospectionSettings {
  readonly clientId: string;
  readonly clientSecret: string;
  /** @default the one in the metadata */
  readonly endpoint?: string | undefined;
  /** Takes only answers that the server signed (RFC 9701). @default false: TLS has to be enough */
  readonly signedAnswers?: boolean | undefined;
  /** How long "not active" is remembered, in seconds, at most 5: a token may become valid. @default 2 */
  readonly inactiveMaxAgeSeconds?: number | undefined;
}

/** How key-bound tokens are checked. */
export interface DpopSettings {
  /** `https://host[:port]` of this API as its clients know it; behind a proxy no header has to be believed for that. */
  readonly origin: string | readonly string[];
  /** Refuses tokens that are not bound. @default false */
  readonly required?: boolean | undefined;
  /** Accepted proof algorithms. @default ES256, EdDSA, Ed25519, RS256, PS256 */
  readonly algorithms?: readonly SignatureAlgorithm[] | undefined;
  /** How old, or how far ahead, a proof may be, in seconds. @default 60 */
  readonly proofMaxAgeSeconds?: number | undefined;
  /** How often a new nonce begins, in seconds; each is good for two such spans. 0 asks for none. @default 0 */
  readonly nonceSeconds?: number | undefined;
  /** The same for all instances of this API, 32 random bytes or more as text. @default random, for a single instance */
  readonly nonceSecret?: string | undefined;
  /** @default the memory of this process, for a single instance */
  readonly replayStore?: ReplayStore | undefined;
}
