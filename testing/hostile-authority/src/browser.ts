import type { Visit } from './scene.ts';

/** A person's browser as an HTTP client: it goes where it is sent and keeps every page. */
export interface HttpBrowser {
  readonly opened: readonly string[];
  /** Texts of the pages that it ended on. */
  readonly pages: readonly string[];
  open(url: string): Promise<void>;
  /** Resolves once everything that was opened has loaded. */
  readonly idle: Promise<unknown>;
}

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

/** Creates an {@link HttpBrowser}. */
export function createHttpBrowser(fetchPage: typeof fetch): HttpBrowser {
  const opened: string[] = [];
  const pages: string[] = [];
  let idle: Promise<unknown> = Promise.resolve();

  async function visit(place: Visit): Promise<void> {
    const [address, init] =
      typeof place === 'string'
        ? [place, {}]
        : [place.post, { method: 'POST', body: place.form, headers: FORM }];
    const response = await fetchPage(address, { ...init, redirect: 'manual' });
    const location = response.headers.get('location');
    if (location !== null) return visit(new URL(location, address).href);
    const page = await response.text();
    if (!response.headers.get('content-type')?.includes('json')) pages.push(page);
    else for (const next of JSON.parse(page) as Visit[]) await load(next);
  }

  /** A tab that cannot be loaded shows the browser's own page and harms no other. */
  const load = (place: Visit) => visit(place).catch(() => undefined);

  return {
    opened,
    pages,
    get idle() {
      return idle;
    },
    async open(url) {
      opened.push(url);
      idle = Promise.all([idle, load(url)]);
    },
  };
}
