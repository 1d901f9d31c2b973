import { randomBytes } from 'node:crypto';
import { API_ERRORS, type ApiErrorCode, type Meaning } from './error-codes.ts';

/** The body of an error answer. */
export interface ApiErrorBody {
  readonly code: ApiErrorCode;
  readonly message: string;
  /** The same id is in the log, beside the reason. */
  readonly id: string;
  readonly area: Meaning['area'];
  /** When it happened: UTC, ISO 8601, as log viewers show it. */
  readonly at: string;
}

/** Extras of an {@link ApiError}. */
export interface ApiErrorDetail {
  /** Another HTTP status than the usual one of the code: 404 and 413 are both `API_REQUEST_INVALID` of a framework. */
  readonly status?: number;
  /** Further parameters of the challenge: the scopes that would have been enough, for one. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** The scheme under which the token came; its challenge gets the error. @default 'Bearer' */
  readonly scheme?: 'Bearer' | 'DPoP';
  /** When another try makes sense, in seconds. */
  readonly retryAfterSeconds?: number;
  readonly cause?: unknown;
}

/**
 * The one error type of the package. `message` is the text for the caller and gives nothing away; `reason` says what
 * was wrong, holds no token, and belongs in the log under the same `id`.
 */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: ApiErrorCode;
  readonly reason: string;
  readonly detail: ApiErrorDetail;
  readonly id: string = createErrorId();
  readonly at: string = new Date().toISOString();

  constructor(code: ApiErrorCode, reason: string, detail: ApiErrorDetail = {}) {
    super(API_ERRORS[code].message, detail.cause === undefined ? undefined : { cause: detail.cause });
    this.code = code;
    this.reason = reason;
    this.detail = detail;
  }

  get status(): number {
    return this.detail.status ?? API_ERRORS[this.code].status;
  }

  get area(): Meaning['area'] {
    return API_ERRORS[this.code].area;
  }

  toJSON(): ApiErrorBody {
    const { code, message, id, area, at } = this;
    return { code, message, id, area, at };
  }
}

/** Any thrown value as an {@link ApiError}: what is not one yet becomes `API_FAILED`. */
export function toApiError(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown;
  const reason = thrown instanceof Error ? thrown.message : 'a value that is no Error was thrown';
  return new ApiError('API_FAILED', reason, { cause: thrown });
}

/** The same error under a new id and time, for requests that shared one check: support looks for one request. */
export function renewApiError(error: ApiError, more: ApiErrorDetail = {}): ApiError {
  return new ApiError(error.code, error.reason, { ...error.detail, ...more });
}

/** What the log gets to hold about an error: everything but a token. */
export function describeApiError(error: ApiError): Record<string, unknown> {
  const { id, code, area, status, reason, cause } = error;
  return { errorId: id, code, area, status, reason, ...(cause !== undefined && { err: cause }) };
}

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** 80 random bits in groups of four that can be read out on the phone: no I, L, O or U. */
function createErrorId(): string {
  let id = '';
  for (const byte of randomBytes(16)) id += (id.length % 5 === 4 ? '-' : '') + ALPHABET[byte & 31];
  return id;
}
