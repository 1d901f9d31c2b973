import { exportJWK, generateKeyPair, SignJWT } from 'jose';

/** What a test can bend. Each function sees the request and what an honest server would answer. */
export interface Bend {
  discovery?: (metadata: Record<string, unknown>) => Response | Record<string, unknown>;
  token?: (request: URLSearchParams, honest: Record<string, unknown>) => Response | Promise<Response>;
  idTokenClaims?: (claims: Record<string, unknown>) => Record<string, unknown>;
  idTokenHeader?: Record<string, unknown>;
  /** The server's clock, in seconds. @default the system's */
  now?: () => number;
}

/** An authorization server behind a fetch: real signatures, no network. Tests bend it. */
export interface FakeAuthority {
  readonly issuer: string;
  readonly fetch: typeof fetch;
  /** Requests as "METHOD path", in order. */
  readonly requests: readonly string[];
  /** Bodies sent to the token endpoint. */
  readonly tokenRequests: readonly URLSearchParams[];
  /** Proofs sent to the token endpoint, one for each request. */
  readonly proofs: readonly (string | null)[];
  readonly bend: Bend;
  /** What the browser would bring back for this authorization request. */
  authorize(authorizationUrl: string, extra?: Record<string, string>): string;
  /** Refresh tokens that are still good. */
  readonly liveRefreshTokens: Set<string>;
  readonly revoked: readonly string[];
}

const json = (body: unknown, status = 200) =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } });

/** Creates a {@link FakeAuthority}. `api` answers everything that is not the authority's. */
export async function createFakeAuthority(
  api: (request: Request) => Response | Promise<Response> = () => new Response('not found', { status: 404 }),
): Promise<FakeAuthority> {
  const issuer = 'https://login.example.com';
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  const keys = { keys: [{ ...(await exportJWK(publicKey)), kid: 'key-1', alg: 'ES256', use: 'sig' }] };
  const nonces = new Map<string, string>();
  const liveRefreshTokens = new Set<string>();
  const requests: string[] = [];
  const tokenRequests: URLSearchParams[] = [];
  const proofs: (string | null)[] = [];
  const revoked: string[] = [];
  const bend: Bend = {};
  let issued = 0;

  const metadata = {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/keys`,
    revocation_endpoint: `${issuer}/revoke`,
    response_types_supported: ['code'],
    id_token_signing_alg_values_supported: ['ES256'],
    authorization_response_iss_parameter_supported: true,
  };

  async function tokenResponse(body: URLSearchParams): Promise<Record<string, unknown>> {
    issued += 1;
    const now = bend.now?.() ?? Math.floor(Date.now() / 1000);
    const nonce = nonces.get(body.get('code') ?? '');
    const honest = { iss: issuer, sub: 'user-1', aud: 'desktop', iat: now, exp: now + 300, name: 'User One' };
    const claims = bend.idTokenClaims?.({ ...honest, ...(nonce && { nonce }) }) ?? {
      ...honest,
      ...(nonce && { nonce }),
    };
    const idToken = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'ES256', kid: 'key-1', ...bend.idTokenHeader })
      .sign(privateKey);
    const refreshToken = `refresh-${issued}`;
    liveRefreshTokens.add(refreshToken);
    return {
      access_token: `access-${issued}`,
      token_type: proofs.at(-1) ? 'DPoP' : 'bearer',
      expires_in: 300,
      refresh_token: refreshToken,
      id_token: idToken,
      scope: 'openid offline_access',
    };
  }

  async function token(request: Request): Promise<Response> {
    const body = new URLSearchParams(await request.text());
    tokenRequests.push(body);
    proofs.push(request.headers.get('dpop'));
    const spent = body.get('refresh_token');
    const isRefused = spent !== null && !liveRefreshTokens.delete(spent);
    const honest = isRefused ? { error: 'invalid_grant' } : await tokenResponse(body);
    if (bend.token) return bend.token(body, honest);
    return json(honest, isRefused ? 400 : 200);
  }

  const fakeFetch: typeof fetch = async (input, init) => {
    const request = new Request(input, init);
    const { origin, pathname } = new URL(request.url);
    requests.push(`${request.method} ${pathname}`);
    request.signal.throwIfAborted();
    if (origin !== issuer) return api(request);
    if (pathname === '/.well-known/openid-configuration') {
      const bent = bend.discovery?.(metadata) ?? metadata;
      return bent instanceof Response ? bent : json(bent);
    }
    if (pathname === '/keys') return json(keys);
    if (pathname === '/token') return token(request);
    if (pathname === '/revoke') {
      revoked.push(new URLSearchParams(await request.text()).get('token') ?? '');
      return new Response(null, { status: 200 });
    }
    return new Response('not found', { status: 404 });
  };

  return {
    issuer,
    fetch: fakeFetch,
    requests,
    tokenRequests,
    proofs,
    bend,
    liveRefreshTokens,
    revoked,
    authorize(authorizationUrl, extra = {}) {
      const request = new URL(authorizationUrl).searchParams;
      const code = `code-${nonces.size + 1}`;
      nonces.set(code, request.get('nonce') ?? '');
      const answer = new URL(request.get('redirect_uri') ?? '');
      const parameters = { code, state: request.get('state') ?? '', iss: issuer, ...extra };
      answer.search = new URLSearchParams(parameters).toString();
      return answer.href;
    },
  };
}
