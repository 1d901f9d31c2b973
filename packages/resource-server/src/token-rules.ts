import type { CheckedSettings } from './checked-settings.ts';
import type { Claims, OwnClaims } from './claims.ts';
import type { CompactToken } from './compact.ts';
import type { ApiErrorCode } from './error-codes.ts';
import { ApiError } from './errors.ts';
import type { SharedValues } from './shared-values.ts';

type Wire = Readonly<Record<string, unknown>>;

/**
 * The rules for the header, before any key is looked for.
 * @throws ApiError
 * @see RFC 9068 §2.1 and §4, RFC 8725 §3.1
 */
export function checkHeader({ header, payload }: CompactToken, settings: CheckedSettings): void {
  if ('nonce' in header) throw refuse('API_TOKEN_FOR_MICROSOFT', 'its header has a nonce');
  if ('crit' in header)
    throw refuse('API_TOKEN_INVALID', `it needs extensions, ${show(header.crit)}; none is known`);
  if (!settings.algorithms.some((algorithm) => algorithm === header.alg))
    throw refuse('API_TOKEN_INVALID', `its algorithm ${show(header.alg)} is not accepted`);
  if (isAcceptedType(header.typ, settings.requiredType)) return;
  // An ID token of a server that gives its tokens no type: said in words, whoever signed it.
  checkKind(payload);
  throw refuse('API_TOKEN_INVALID', `its type is ${show(header.typ)} instead of at+jwt`);
}

function isAcceptedType(typ: unknown, required: CheckedSettings['requiredType']): boolean {
  if (typ === 'at+jwt') return true;
  if (typ === undefined) return required === 'JWT';
  if (typeof typ !== 'string') return false;
  const name = typ.toLowerCase().replace(/^application\//, '');
  return name === 'at+jwt' || (required === 'JWT' && LEGACY_TYPES.includes(name));
}

/** What servers write that are older than RFC 9068; the second one is Okta's. */
const LEGACY_TYPES: readonly string[] = ['jwt', 'okta-internal-at+jwt'];

/**
 * The rules for the claims of a token whose signature is verified.
 * @param payload becomes part of the claims, and is frozen
 * @throws ApiError
 * @see RFC 9068 §4, RFC 7519 §4.1
 */
export function buildClaims(
  payload: Record<string, unknown>,
  settings: CheckedSettings,
  shared: SharedValues,
): Claims {
  if (payload.iss !== settings.issuer)
    throw refuse('API_TOKEN_INVALID', `its issuer is ${show(payload.iss)}`);
  checkKind(payload);
  return readClaims(payload, settings, shared);
}

/**
 * The rules for what the introspection endpoint says about an active token. It may leave out the issuer, which is the
 * one that was asked, and the expiry; the audience it must state, because active only means that some API may take it.
 * @throws ApiError
 * @see RFC 7662 §2.2 and §4
 */
export function buildIntrospectedClaims(
  answer: Wire,
  settings: CheckedSettings,
  shared: SharedValues,
): Claims {
  const {
    iss = settings.issuer,
    exp = settings.clock() + settings.claimsMaxAgeSeconds,
    token_type: type,
  } = answer;
  if (iss !== settings.issuer) throw refuse('API_TOKEN_INVALID', `its issuer is ${show(iss)}`);
  if (type !== undefined && !/^(bearer|dpop)$/i.test(String(type)))
    throw refuse('API_TOKEN_INVALID', `its token_type is ${show(type)}`);
  if (/^dpop$/i.test(String(type)) && typeof Object(answer.cnf).jkt !== 'string')
    throw refuse('API_TOKEN_INVALID', 'its token_type is DPoP, and no key is named that it is bound to');
  return readClaims({ ...answer, iss, exp }, settings, shared);
}

function readClaims(
  payload: Record<string, unknown>,
  settings: CheckedSettings,
  shared: SharedValues,
): Claims {
  shared.shareClaims(payload);
  // `scp` is what some servers call it.
  const scopes = shared.scopes(payload.scope ?? payload.scp ?? '', parseScopes);
  const aud = payload.aud ?? apisOf(scopes, settings);
  const audience = shared.audiences(aud, (value) => requireAudience(value, settings));
  const expiresAt = requireTimes(payload, settings);
  const clientId = requireClient(payload, settings);
  const userId = payload[settings.userIdClaim];
  if (typeof userId !== 'string' || userId === '')
    throw refuse(
      'API_TOKEN_INVALID',
      `it has no ${settings.userIdClaim}, the claim that identifies the user`,
    );
  const subject = typeof payload.sub === 'string' ? payload.sub : undefined;
  return Object.freeze({
    issuer: settings.issuer,
    userId,
    subject,
    clientId,
    audience,
    scopes,
    expiresAt,
    token: payload,
    userInfo: undefined,
    own: NOTHING,
  });
}

const NOTHING: OwnClaims = Object.freeze({});

/** What only an ID token has. With legacy types this is the sole thing that tells the two apart. */
function markOfIdToken({ nonce, at_hash, c_hash, s_hash, token_use }: Wire): string | undefined {
  if (nonce !== undefined) return 'nonce';
  if (at_hash !== undefined) return 'at_hash';
  if (c_hash !== undefined) return 'c_hash';
  if (s_hash !== undefined) return 's_hash';
  return token_use === 'id' ? 'token_use' : undefined;
}

function checkKind(payload: Wire): void {
  const mark = markOfIdToken(payload);
  if (mark) throw refuse('API_TOKEN_IS_ID_TOKEN', `it has the claim ${mark}`);
}

/** The APIs before the last slash of scopes, for servers that name the API nowhere else: a right's own name has none. */
function apisOf(scopes: readonly string[], { audienceFrom }: CheckedSettings): string[] | undefined {
  if (audienceFrom !== 'scope') return undefined;
  const named = scopes.filter((scope) => scope.includes('/'));
  const apis = named.map((scope) => scope.slice(0, scope.lastIndexOf('/')));
  return apis.length > 0 ? [...new Set(apis)] : undefined;
}

function requireAudience(aud: unknown, { audience, otherAudiences }: CheckedSettings): string[] {
  const values: unknown[] = Array.isArray(aud) ? aud : [aud];
  const texts = values.filter((value) => typeof value === 'string');
  if (texts.length !== values.length)
    throw refuse('API_TOKEN_INVALID', 'its aud is not a text or a list of texts');
  if (!texts.some((value) => audience.includes(value)))
    throw refuse(
      'API_TOKEN_WRONG_AUDIENCE',
      `its audience is ${show(aud)}, expected ${audience.join(' or ')}`,
    );
  const foreign = texts.find((value) => !audience.includes(value) && !otherAudiences.includes(value));
  if (foreign !== undefined)
    throw refuse(
      'API_TOKEN_WRONG_AUDIENCE',
      `it is also for ${show(foreign)}, which otherAudiences does not list`,
    );
  return texts;
}

function requireTimes({ exp, nbf, iat }: Wire, { clock, clockToleranceSeconds }: CheckedSettings): number {
  const now = clock();
  if (!isInstant(exp)) throw refuse('API_TOKEN_INVALID', 'it has no exp');
  if ((nbf !== undefined && !isInstant(nbf)) || (iat !== undefined && !isInstant(iat)))
    throw refuse('API_TOKEN_INVALID', 'its nbf or iat is not a number');
  if (now >= exp + clockToleranceSeconds)
    throw refuse('API_TOKEN_EXPIRED', `it expired ${Math.round(now - exp)} s ago`);
  if (isInstant(nbf) && now < nbf - clockToleranceSeconds)
    throw refuse('API_TOKEN_INVALID', `it is not valid before ${Math.round(nbf - now)} s from now`);
  return exp;
}

const isInstant = (value: unknown): value is number => Number.isFinite(value);

/** Under the names that servers have for the client, RFC 9068 first. */
function requireClient(
  { client_id, azp, cid, appid }: Wire,
  { allowedClients }: CheckedSettings,
): string | undefined {
  const value = client_id !== undefined ? client_id : [azp, cid, appid].find((id) => id !== undefined);
  if (value !== undefined && typeof value !== 'string')
    throw refuse('API_TOKEN_INVALID', 'the client in it is not a text');
  if (allowedClients && (value === undefined || !allowedClients.includes(value)))
    throw refuse('API_CLIENT_NOT_ALLOWED', `its client ${show(value)} is not in allowedClients`);
  return value;
}

/** A text of scopes (RFC 9068 §2.2.3), or a list of them. */
function parseScopes(value: unknown): string[] {
  const scopes: unknown[] = typeof value === 'string' ? value.split(' ').filter(Boolean) : [value].flat();
  if (!scopes.every((name) => typeof name === 'string'))
    throw refuse('API_TOKEN_INVALID', 'its scope is not a text or a list of texts');
  return scopes as string[];
}

const refuse = (code: ApiErrorCode, why: string) => new ApiError(code, `The token was refused: ${why}.`);

/** A value of the token for the log: it comes from outside, so it is quoted and cut. */
const show = (value: unknown) => (JSON.stringify(value) ?? 'missing').slice(0, 200);
