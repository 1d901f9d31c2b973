import type { PausedRequest, RequestAnswer } from './cdp-pipe.ts';
import { fromChromium, toChromium } from './scheme-address.ts';

/** Headers whose values are addresses or origins: they are shown to each side in its own form. */
const ADDRESS_HEADERS = new Set([
  'origin',
  'referer',
  'location',
  'content-security-policy',
  'content-security-policy-report-only',
  'access-control-allow-origin',
]);

/** The held request as the app's handler expects it: with the app's scheme, headers and body. */
export function buildRequest({ request }: PausedRequest): Request {
  const headers = Object.entries(request.headers).map(([name, value]): [string, string] => [
    name,
    ADDRESS_HEADERS.has(name.toLowerCase()) ? fromChromiumHeader(value) : value,
  ]);
  const body = request.postDataEntries?.map(({ bytes }) => Buffer.from(bytes ?? '', 'base64'));
  return new Request(fromChromium(request.url), {
    method: request.method,
    headers,
    // A manual redirect belongs to the page: the handler's answer decides.
    redirect: 'manual',
    ...(body ? { body: Buffer.concat(body) } : {}),
  });
}

/** The handler's response, whole: Chromium takes no body in pieces here. */
export async function buildAnswer(requestId: string, response: Response): Promise<RequestAnswer> {
  const body = Buffer.from(await response.arrayBuffer());
  const responseHeaders = [...response.headers].map(([name, value]) => ({
    name,
    value: ADDRESS_HEADERS.has(name) ? toChromiumHeader(value) : value,
  }));
  return {
    requestId,
    responseCode: response.status,
    ...(response.statusText ? { responsePhrase: response.statusText } : {}),
    responseHeaders,
    body: body.toString('base64'),
  };
}

function fromChromiumHeader(value: string): string {
  return value.replace(/https:\/\/\S+/g, fromChromium);
}

function toChromiumHeader(value: string): string {
  return value.replace(/[a-z][a-z0-9+.-]*:\/\/[^\s;,]+/gi, toChromium);
}
