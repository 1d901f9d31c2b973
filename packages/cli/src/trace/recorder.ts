import type { Redaction } from './redaction.ts';

/** One HTTP message as it passed, without its secrets. */
export interface Passed {
  /** Who asked. */
  readonly party: string;
  readonly isRequest: boolean;
  /** The request's address. */
  readonly url: string;
  readonly title: string;
  readonly lines: readonly string[];
}

const SHOWN_HEADERS = [
  'authorization',
  'content-type',
  'location',
  'www-authenticate',
  'set-cookie',
  'cookie',
];
const LONGEST_JSON_LINES = 14;

/** A fetch that shows every message of this party on its way. */
export function recordFetch(
  party: string,
  base: typeof fetch,
  redaction: Redaction,
  show: (message: Passed) => void,
): typeof fetch {
  return async (input, init) => {
    const request = new Request(input instanceof Request ? input.clone() : input, init);
    const { url, method } = request;
    const lines = await linesOf(request, redaction);
    show({ party, isRequest: true, url, title: `${method} ${redaction.address(url)}`, lines });
    try {
      const response = await base(input, init);
      const status = `${response.status} ${response.statusText}`.trim();
      show({
        party,
        isRequest: false,
        url,
        title: status,
        lines: await linesOf(response.clone(), redaction),
      });
      return response;
    } catch (error) {
      show({ party, isRequest: false, url, title: 'no answer', lines: [] });
      throw error;
    }
  };
}

async function linesOf(message: Request | Response, redaction: Redaction): Promise<string[]> {
  const { headers } = message;
  return [...headerLines(headers, redaction), ...bodyLines(headers, await message.text(), redaction)];
}

function headerLines(headers: Headers, redaction: Redaction): string[] {
  return SHOWN_HEADERS.flatMap((name) => {
    const value = name === 'set-cookie' ? headers.getSetCookie().join('; ') : (headers.get(name) ?? '');
    const shown = value && headerValue(name, value, redaction);
    return shown ? [`${name}: ${shown}`] : [];
  });
}

function headerValue(name: string, value: string, redaction: Redaction): string {
  if (name === 'authorization') {
    const [scheme = '', secret = ''] = value.split(' ');
    return `${scheme} ${redaction.nameOf(scheme === 'Basic' ? 'client secret' : 'access token', secret)}`;
  }
  if (name === 'location')
    return URL.canParse(value) ? redaction.address(value) : redaction.address(`http://-${value}`).slice(8);
  if (name === 'set-cookie' || name === 'cookie') return cookieNames(value).join(', ');
  if (name === 'content-type') return value;
  return redaction.text(value.replace(/error_id="[^"]*"/, 'error_id="…"'));
}

/** Which cookies there are: the authority's names end in what they are for, and start with its port. */
function cookieNames(value: string): string[] {
  const names = value.split('; ').map((pair) => /^deskauth_\d+_(\w+)=/.exec(pair)?.[1] ?? '');
  return [...new Set(names.filter(Boolean))];
}

function bodyLines(headers: Headers, body: string, redaction: Redaction): string[] {
  const type = headers.get('content-type') ?? '';
  if (body === '') return [];
  if (type.includes('x-www-form-urlencoded'))
    return redaction.pairs(new URLSearchParams(body)).map(([name, value]) => `  ${name} = ${value}`);
  const value = type.includes('json') ? parseJson(body) : undefined;
  if (value !== undefined) return shortened(JSON.stringify(redaction.json(value), null, 1).split('\n'));
  const heading = /<h1[^>]*>([^<]*)/.exec(body)?.[1]?.trim();
  if (type.includes('html')) return heading ? [`  page: “${redaction.text(heading)}”`] : [];
  return [`  ${redaction.text(body.trim())}`];
}

/** What only calls itself JSON is what somebody may be looking for. */
function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function shortened(lines: readonly string[]): string[] {
  const shown = lines.slice(0, LONGEST_JSON_LINES).map((line) => `  ${line}`);
  return lines.length > shown.length ? [...shown, `  … ${lines.length - shown.length} more lines`] : shown;
}
