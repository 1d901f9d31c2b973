import type { BrowserLauncher, RedirectListener, SignInOutcome } from '@deskauth/session';
import type { Message } from './message.ts';
import { type Passed, recordFetch } from './recorder.ts';
import { createRedaction } from './redaction.ts';

/** Records one sign-in: what the app, the browser and the server say to each other. */
export interface Trace {
  /** What has passed so far. Whatever was found to be a secret is in none of them. */
  readonly messages: readonly Message[];
  readonly fetch: (base: typeof fetch) => typeof fetch;
  readonly browser: (browser: BrowserLauncher) => BrowserLauncher;
  readonly redirect: (redirect: RedirectListener) => RedirectListener;
}

const APP = 'app';
const BROWSER = 'browser';

/** Creates a {@link Trace}. @param issuer names the server's column */
export function createTrace(issuer: string): Trace {
  // Whether the issuer will do is the engine's to say.
  const origin = URL.canParse(issuer) ? new URL(issuer).origin : issuer;
  const redaction = createRedaction({ origins: new Map([[origin, origin]]), isStrict: true });
  const messages: Message[] = [];

  const add = (from: string, to: string, title: string, lines: readonly string[] = []) => {
    messages.push({ number: messages.length + 1, from, to, title, lines });
  };
  const addPassed = ({ isRequest, url, title, lines }: Passed) => {
    const server = new URL(url).host;
    if (isRequest) add(APP, server, title, lines);
    else add(server, APP, title, lines);
  };
  const addAddress = (from: string, to: string, verb: string, address: string) => {
    const url = new URL(address);
    const parameters = redaction.pairs(url.searchParams).map(([name, value]) => `${name} = ${value}`);
    url.search = '';
    add(from, to, `${verb} ${redaction.address(url.href)}`, parameters);
  };

  return {
    get messages() {
      return messages.map((message) => ({
        ...message,
        title: redaction.scrub(message.title),
        lines: message.lines.map(redaction.scrub),
      }));
    },
    fetch: (base) => recordFetch(APP, base, redaction, addPassed),
    browser: (browser) => ({
      open(url) {
        addAddress(APP, BROWSER, 'open', url);
        return browser.open(url);
      },
    }),
    redirect: (redirect) => ({
      async open() {
        const opened = await redirect.open();
        return {
          ...opened,
          async next(signal) {
            const answer = await opened.next(signal);
            addAddress(BROWSER, APP, 'GET', answer.url);
            const finish = (outcome: SignInOutcome) => {
              add(APP, BROWSER, `page: ${titleOf(outcome)}`);
              answer.finish(outcome);
            };
            return { ...answer, finish };
          },
        };
      },
    }),
  };
}

function titleOf(outcome: SignInOutcome): string {
  return outcome.kind === 'failed' ? `failed, ${outcome.error.code}` : outcome.kind;
}
