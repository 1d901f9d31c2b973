/** The authorization server could not be asked, or its answer is of no use. Never the caller's fault. */
export class RemoteFault extends Error {
  override readonly name = 'RemoteFault';
  /** How the server refused the very request, if it did: status 400, and its error code (RFC 6749 §5.2). */
  readonly refusal: { readonly error: string } | undefined;

  constructor(message: string, refusal?: RemoteFault['refusal']) {
    super(message);
    this.refusal = refusal;
  }
}

/** How remote documents are fetched. */
export interface RemoteSettings {
  readonly fetch: typeof fetch;
  /** For the whole exchange, body included, in seconds. */
  readonly timeLimitSeconds: number;
}

/** One answer of the authorization server. */
export interface RemoteAnswer {
  readonly body: Readonly<Record<string, unknown>>;
  /** The server's own clock, from the Date header, in seconds since the epoch. */
  readonly serverAt: number | undefined;
}

/** Far above any real document; a larger one is an attack or a mistake. */
const MAX_BYTES = 1024 * 1024;

/**
 * Fetches a JSON object, as {@link fetchText} does.
 * @throws RemoteFault for whatever keeps the answer from being a JSON object with status 200
 */
export async function fetchJson(
  url: string,
  init: RequestInit,
  settings: RemoteSettings,
): Promise<RemoteAnswer> {
  const { content, serverAt } = await fetchText(url, init, settings, parseObject);
  return { body: content, serverAt };
}

/**
 * Fetches a text: one deadline, a size cap, no redirects (a redirect could point into our own network).
 * @param read makes of the text what is wanted, or throws a RemoteFault
 * @throws RemoteFault for whatever keeps the answer from being such a text with status 200
 */
export async function fetchText<T>(
  url: string,
  init: RequestInit,
  settings: RemoteSettings,
  read: (text: string, contentType: string) => T,
): Promise<{ readonly content: T; readonly serverAt: number | undefined }> {
  const signal = AbortSignal.timeout(settings.timeLimitSeconds * 1000);
  try {
    const response = await settings.fetch(url, { ...init, redirect: 'manual', signal });
    if (response.status !== 200) throw await refusalOf(response);
    const [type = ''] = (response.headers.get('content-type') ?? '').toLowerCase().split(';', 1);
    const content = read(await readCapped(response), type.trim());
    return { content, serverAt: parseDate(response.headers.get('date')) };
  } catch (error) {
    const why = signal.aborted ? `no full answer within ${settings.timeLimitSeconds} s` : reasonOf(error);
    const refusal = error instanceof RemoteFault ? error.refusal : undefined;
    throw new RemoteFault(`${init.method ?? 'GET'} ${withoutQuery(url)}: ${why}.`, refusal);
  }
}

async function refusalOf(response: Response): Promise<RemoteFault> {
  const message = `it answered with status ${response.status}`;
  if (response.status !== 400) {
    await response.body?.cancel();
    return new RemoteFault(message);
  }
  const text = await readCapped(response);
  const [, error = ''] = /"error"\s*:\s*"(\w{1,64})"/.exec(text) ?? [];
  return new RemoteFault(error ? `${message} (${error})` : message, { error });
}

async function readCapped(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > MAX_BYTES) throw new RemoteFault(`its answer is larger than ${MAX_BYTES} bytes`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function parseObject(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new RemoteFault('its answer is not JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new RemoteFault('its answer is not a JSON object');
  return value as Record<string, unknown>;
}

/** fetch hides why a connection failed in `cause`: ECONNREFUSED, ENOTFOUND, a certificate error. */
function reasonOf(error: unknown): string {
  if (error instanceof RemoteFault) return error.message;
  const { cause } = error as { cause?: { code?: string; message?: string } };
  return cause?.code ?? cause?.message ?? (error instanceof Error ? error.message : 'the request failed');
}

function parseDate(date: string | null): number | undefined {
  const at = date === null ? Number.NaN : Date.parse(date) / 1000;
  return Number.isNaN(at) ? undefined : at;
}

const withoutQuery = (url: string) => url.split(/[?#]/, 1)[0];
