import type { Claims } from './claims.ts';
import type { ApiError } from './errors.ts';

/** One line of the request log: who, through what, what, how long, and how to find the rest. Never a token or a query. */
export interface RequestRecord {
  readonly method: string;
  /** The route pattern, or the path without its query. */
  readonly route: string;
  readonly status: number;
  readonly ms: number;
  /** Set when the caller had gone before the answer was out. */
  readonly aborted?: true;
  readonly user?: string;
  readonly client?: string;
  readonly errorId?: string;
  readonly code?: string;
  /** From the caller, so that one story can be followed through several APIs. */
  readonly correlationId?: string;
}

/** What an adapter knows at the end of a request. */
export interface FinishedRequest extends Pick<RequestRecord, 'method' | 'route' | 'status' | 'ms'> {
  readonly isAborted: boolean;
  readonly claims: Claims | undefined;
  readonly error: ApiError | undefined;
  readonly correlationId: string | undefined;
}

/** Builds the record of a finished request. */
export function buildRequestRecord({
  isAborted,
  claims,
  error,
  correlationId,
  ...request
}: FinishedRequest): RequestRecord {
  return {
    ...request,
    ms: Math.round(request.ms * 10) / 10,
    ...(isAborted && { aborted: true as const }),
    ...(claims && { user: claims.userId }),
    ...(claims?.clientId && { client: claims.clientId }),
    ...(error && { errorId: error.id, code: error.code }),
    ...(correlationId && { correlationId }),
  };
}

const CORRELATION_ID = /^[\w.:-]{1,64}$/;

/** The caller's correlation id, if it is harmless in a log. */
export function parseCorrelationId(value: unknown): string | undefined {
  return typeof value === 'string' && CORRELATION_ID.test(value) ? value : undefined;
}

/** A path without its query, nor what looks like one: people put secrets there. */
export function withoutQuery(url: string): string {
  return url.split(/[?#]|%3f|%23/i, 1)[0] ?? '';
}
