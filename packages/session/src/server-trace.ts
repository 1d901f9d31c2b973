/** The names by which a server's own log can be searched for one answer. */
export type ServerTrace = Readonly<Record<string, string>>;

/** Response headers that providers and gateways put such a name into (W3C Trace Context for the first). */
const HEADERS = [
  ...['traceparent', 'x-request-id', 'request-id', 'x-correlation-id', 'correlation-id'],
  ...['x-ms-request-id', 'x-ms-correlation-id', 'x-okta-request-id', 'x-auth0-requestid'],
  ...['x-amzn-requestid', 'x-amz-cf-id', 'x-b3-traceid', 'x-cloud-trace-context', 'cf-ray'],
];
/** Members of an error body that hold one (Entra ID among others). */
const MEMBERS = ['trace_id', 'correlation_id', 'request_id', 'error_id', 'errorId'];

/** What such names are made of: no room for a sentence, a mark-up or a whole token. */
const NAME = /^[\w.:+/=|;-]{4,128}$/;

/** Collects them from an answer that was an error; undefined where there are none. */
export function traceOf(response: Response | undefined, body?: unknown): ServerTrace | undefined {
  const members = Object.entries(typeof body === 'object' && body !== null ? body : {});
  const found = [
    ...HEADERS.map((name) => [name, response?.headers.get(name)] as const),
    ...members.filter(([name]) => MEMBERS.includes(name)),
  ].filter((pair): pair is [string, string] => typeof pair[1] === 'string' && NAME.test(pair[1]));
  return found.length > 0 ? Object.fromEntries(found) : undefined;
}
