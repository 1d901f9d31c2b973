import type { Redaction } from './redaction.ts';

/** Prints every HTTP message that passes, numbered, without its secrets. */
export interface Recorder {
  /** A fetch that speaks for this party. */
  fetchAs(party: string): typeof fetch;
  /** How many messages have passed: a request and its response are two. */
  readonly messageCount: number;
  /** How many requests so far had this method and a path that ends so. */
  countOf(method: string, path: string): number;
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

/** Creates a {@link Recorder} that gives its lines to `print`. */
export function createRecorder(redaction: Redaction, print: (line: string) => void): Recorder {
  const requests: string[] = [];
  let messageCount = 0;

  const printMessage = (title: string, lines: readonly string[]) => {
    messageCount += 1;
    print(`[${messageCount}] ${title}`);
    for (const line of lines) print(`      ${line}`);
  };

  return {
    get messageCount() {
      return messageCount;
    },
    countOf: (method, path) =>
      requests.filter((line) => line.startsWith(method) && line.endsWith(path)).length,
    fetchAs: (party) => async (input, init) => {
      const request = new Request(input, init);
      requests.push(`${request.method} ${new URL(request.url).pathname}`);
      const sent = [
        ...headerLines(request.headers, redaction),
        ...bodyLines(request.headers, await request.clone().text(), redaction),
      ];
      printMessage(`${party} → ${request.method} ${redaction.address(request.url)}`, sent);
      const response = await fetch(request, { redirect: init?.redirect ?? request.redirect });
      const received = [
        ...headerLines(response.headers, redaction),
        ...bodyLines(response.headers, await response.clone().text(), redaction),
      ];
      printMessage(`${party} ← ${`${response.status} ${response.statusText}`.trim()}`, received);
      return response;
    },
  };
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
    return `${scheme} ${redaction.nameOf('access token', secret)}`;
  }
  if (name === 'location')
    return URL.canParse(value) ? redaction.address(value) : redaction.address(`http://-${value}`).slice(8);
  if (name === 'set-cookie' || name === 'cookie') return cookieNames(value).join(', ');
  return value.replace(/error_id="[^"]*"/, 'error_id="…"');
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
  if (type.includes('json'))
    return shortened(JSON.stringify(redaction.json(JSON.parse(body)), null, 1).split('\n'));
  const heading = /<h1[^>]*>([^<]*)/.exec(body)?.[1]?.trim();
  if (type.includes('html')) return heading ? [`  page: “${heading}”`] : [];
  return [`  ${body.trim()}`];
}

function shortened(lines: readonly string[]): string[] {
  const shown = lines.slice(0, LONGEST_JSON_LINES).map((line) => `  ${line}`);
  return lines.length > shown.length ? [...shown, `  … ${lines.length - shown.length} more lines`] : shown;
}
