import { recordFetch } from '../../packages/cli/src/trace/recorder.ts';
import type { Redaction } from '../../packages/cli/src/trace/redaction.ts';

/** Prints every HTTP message that passes, numbered, without its secrets. */
export interface Printer {
  /** A fetch that speaks for this party. */
  fetchAs(party: string): typeof fetch;
  /** How many messages have passed: a request and its response are two. */
  readonly messageCount: number;
  /** How many requests so far had this method and a path that ends so. */
  countOf(method: string, path: string): number;
}

/** Creates a {@link Printer} that gives its lines to `print`. */
export function createPrinter(redaction: Redaction, print: (line: string) => void): Printer {
  const requests: string[] = [];
  let messageCount = 0;
  return {
    get messageCount() {
      return messageCount;
    },
    countOf: (method, path) =>
      requests.filter((line) => line.startsWith(method) && line.endsWith(path)).length,
    fetchAs: (party) =>
      recordFetch(party, fetch, redaction, ({ isRequest, url, title, lines }) => {
        if (isRequest) requests.push(`${title.split(' ')[0]} ${new URL(url).pathname}`);
        messageCount += 1;
        print(`[${messageCount}] ${party} ${isRequest ? '→' : '←'} ${title}`);
        for (const line of lines) print(`      ${line}`);
      }),
  };
}
