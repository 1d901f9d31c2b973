import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { buildErrorResponse } from './error-response.ts';
import { ApiError, describeApiError } from './errors.ts';
import { type ApiLog, consoleLog } from './log.ts';
import type { AccessTokenVerifier } from './verifier.ts';

/** Under the names of Node; everything else is 400. */
const STATUS: Readonly<Record<string, number>> = { HPE_HEADER_OVERFLOW: 431, ERR_HTTP_REQUEST_TIMEOUT: 408 };

/**
 * For the event `clientError` of a server of node:http, or the `clientErrorHandler` of fastify: what is no HTTP, or too
 * large, never becomes a request, and is answered with a code and an error id like everything else.
 */
export function answerClientErrors(verifier: AccessTokenVerifier, log: ApiLog = consoleLog) {
  return (error: NodeJS.ErrnoException, socket: Duplex): void => {
    const { code = 'the request is no HTTP' } = error;
    if (code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
    const status = STATUS[code] ?? 400;
    const refusal = new ApiError('API_REQUEST_INVALID', code, { status });
    log.info(describeApiError(refusal), 'request refused');
    const { headers, body } = buildErrorResponse(verifier, refusal);
    const all = { ...headers, 'content-length': Buffer.byteLength(body), connection: 'close' };
    const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`);
  };
}
