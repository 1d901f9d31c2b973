import { createCookieJar } from './cookie-jar.ts';
import {
  answerSignIn,
  answerSignOut,
  describePage,
  type Page,
  readPage,
  type SignInAnswers,
} from './page-answers.ts';

/** Where the authority sends the browser in the end. */
export interface BrowserResult {
  /** The first address that is not the authority's own. It may carry a code: keep it out of logs. */
  redirectTo: string;
  /** What the app answered there, with `followRedirect`. */
  responseText?: string | undefined;
}

/** Answers for {@link HttpBrowser.signIn}. */
export interface SignInOptions extends SignInAnswers {
  /** Also load the redirect URI, as a browser does, and return what the app answers there. @default false */
  followRedirect?: boolean | undefined;
}

/** A browser without a screen: it keeps cookies, follows redirects and fills in the authority's forms. */
export interface HttpBrowser {
  /**
   * Plays a user through sign-in and consent. A second sign-in needs no password, as in a real browser.
   * @throws Error with the words of the page when the authority asks or says something else
   */
  signIn(authorizationUrl: string, options: SignInOptions): Promise<BrowserResult>;
  /**
   * Plays a user who confirms the code of another device, which is in the address, signs in and allows it.
   * @throws Error with the words of the page when the authority asks or says something else
   */
  approveDevice(verificationUriComplete: string, answers: SignInAnswers): Promise<void>;
  /**
   * Plays a user who confirms the sign-out page.
   * @returns the post-logout redirect, or undefined when the authority's own page is the end
   * @throws Error with the words of the page when the authority says something else
   */
  signOut(endSessionUrl: string): Promise<string | undefined>;
  /** Forgets all cookies, like a new private window. */
  clearCookies(): void;
}

/** Settings of {@link createHttpBrowser}. */
export interface HttpBrowserSettings {
  /** Sees every request; for recorders. It must leave redirects to the caller. @default globalThis.fetch */
  fetch?: typeof globalThis.fetch | undefined;
}

type Visit = { redirectTo: string } | { page: Page };

const MAX_STEPS = 20;

/** Creates a browser with no cookies. */
export function createHttpBrowser(settings: HttpBrowserSettings = {}): HttpBrowser {
  const fetch = settings.fetch ?? globalThis.fetch;
  const jar = createCookieJar();

  async function load(url: URL, form?: URLSearchParams): Promise<Response> {
    const headers = new Headers({ accept: 'text/html' });
    const cookie = jar.headerFor(url);
    if (cookie) headers.set('cookie', cookie);
    const response = await fetch(url, {
      redirect: 'manual',
      headers,
      ...(form && { method: 'POST', body: form }),
    });
    jar.accept(url, response.headers.getSetCookie());
    return response;
  }

  /** Follows redirects inside the authority, up to its next page or the first address elsewhere. */
  async function visit(start: URL, form?: URLSearchParams): Promise<Visit> {
    let url = start;
    let response = await load(url, form);
    for (let hops = 0; hops < MAX_STEPS; hops += 1) {
      const location = response.headers.get('location');
      if (location === null) return { page: await readPage(url, response) };
      await response.body?.cancel();
      url = new URL(location, url);
      // As it was sent, not as URL writes it: a private-use scheme is compared as a string.
      if (url.origin !== start.origin) return { redirectTo: location };
      response = await load(url);
    }
    throw new Error(`${start.origin} sends the browser around in circles`);
  }

  /** Answers page after page, until `choose` has no answer or the browser is sent elsewhere. */
  async function walk(start: string, choose: (page: Page) => URLSearchParams | undefined): Promise<Visit> {
    let visited = await visit(new URL(start));
    for (let pages = 0; pages < MAX_STEPS && 'page' in visited; pages += 1) {
      const { page } = visited;
      const sent = choose(page);
      if (sent === undefined) break;
      visited = await visit(new URL(page.form?.action || page.url, page.url), sent);
    }
    return visited;
  }

  return {
    async signIn(authorizationUrl, options) {
      const asked = new Set<string>();
      const visited = await walk(authorizationUrl, (page) => answerSignIn(page, options, asked));
      if ('page' in visited) throw new Error(`The sign-in stopped at ${describePage(visited.page)}`);
      const { redirectTo } = visited;
      if (!options.followRedirect) return { redirectTo };
      return { redirectTo, responseText: await (await fetch(redirectTo)).text() };
    },
    async approveDevice(verificationUriComplete, answers) {
      const asked = new Set<string>();
      const visited = await walk(verificationUriComplete, (page) => answerSignIn(page, answers, asked));
      if ('page' in visited && visited.page.text.includes('You are signed in on the other device')) return;
      throw new Error(
        `The sign-in stopped at ${'page' in visited ? describePage(visited.page) : 'a redirect'}`,
      );
    },
    async signOut(endSessionUrl) {
      const visited = await walk(endSessionUrl, answerSignOut);
      if ('redirectTo' in visited) return visited.redirectTo;
      if (visited.page.text.includes('You are signed out')) return undefined;
      throw new Error(`The sign-out stopped at ${describePage(visited.page)}`);
    },
    clearCookies: () => jar.clear(),
  };
}

/** Plays one sign-in with a browser of its own. See {@link HttpBrowser.signIn}. */
export function signInOverHttp(
  authorizationUrl: string,
  options: SignInOptions & HttpBrowserSettings,
): Promise<BrowserResult> {
  return createHttpBrowser({ fetch: options.fetch }).signIn(authorizationUrl, options);
}
