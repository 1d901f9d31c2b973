import type { AuthError, AuthErrorCode } from '@deskauth/session';
import { CORRELATION_ID, DATA_HEADERS } from './api-headers.ts';
import { ERROR_HEADER } from './contract.ts';

/** The other end could not be reached or has a problem of its own: 503. The rest of a kept session's errors: 502. */
const UNAVAILABLE: readonly AuthErrorCode[] = [
  'AUTH_NETWORK',
  'AUTH_SERVER_UNAVAILABLE',
  'AUTH_API_UNREACHABLE',
];

/** The answer to a page whose request could not be carried out: the error as JSON, under a header that says so. */
export function buildErrorResponse(error: AuthError, correlationId: string | null): Response {
  return Response.json(error, {
    status: statusOf(error),
    headers: {
      ...DATA_HEADERS,
      [ERROR_HEADER]: error.code,
      ...(correlationId !== null && { [CORRELATION_ID]: correlationId }),
    },
  });
}

function statusOf({ code, sessionKept }: AuthError): number {
  if (!sessionKept) return 401;
  return UNAVAILABLE.includes(code) ? 503 : 502;
}

/** The answer to a request that no page of ours makes. */
export function refuse(status: number, why: string): Response {
  return new Response(`${why}\n`, {
    status,
    headers: { ...DATA_HEADERS, 'content-type': 'text/plain; charset=utf-8' },
  });
}
