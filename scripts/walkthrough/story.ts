import assert from 'node:assert/strict';
import type { HttpBrowser } from '@deskauth/dev-authority/testing';
import { AuthError, type Session } from '@deskauth/session';
import type { Printer } from './printer.ts';

/** One step of the story: what happens, and what must be true afterwards. */
export interface Step {
  readonly title: string;
  run(): Promise<string>;
}

/** The parts of the story, all real. */
export interface Stage {
  readonly apiUrl: string;
  /** A session object on the same token store: another start of the app. */
  startApp(): Session;
  readonly browser: HttpBrowser;
  readonly recorder: Printer;
}

const PASSWORD = 'deskauth';

/** A desktop app without a screen: it shows the place it is at, and what stops it. */
function createApp(session: Session, apiUrl: string) {
  const app = {
    session,
    place: '/companies',
    shown: undefined as unknown,
    async show(place: string) {
      app.place = place;
      const response = await session.fetch(`${apiUrl}/api${place}`);
      app.shown = await response.json();
      return response.status;
    },
  };
  return app;
}

/** The story of one user, from the first start to the sign-out. */
export function buildStory({ apiUrl, startApp, browser, recorder }: Stage): Step[] {
  let app = createApp(startApp(), apiUrl);
  const me = { username: 'europe', password: PASSWORD, followRedirect: true };
  const signIn = async () => {
    const attempt = app.session.signIn();
    const { responseText = '' } = await browser.signIn(await addressOf(attempt), me);
    const user = await attempt.finished;
    assert.match(responseText, /You are signed in as/);
    return user;
  };
  const companies = () => app.shown as readonly { name: string }[];

  return [
    {
      title: 'The app starts and asks for data: nobody is signed in',
      async run() {
        await app.session.restore();
        const refused = await recorder.fetchAs('app')(`${apiUrl}/api/companies`);
        assert.equal(refused.status, 401);
        assert.equal(await codeOf(app.show('/companies')), 'AUTH_SIGN_IN_REQUIRED');
        return 'The API answers 401 with a bare challenge; the app shows “sign in” and remembers /companies.';
      },
    },
    {
      title: 'Sign-in in the system browser',
      async run() {
        const user = await signIn();
        assert.equal(user.sub, 'user-europe');
        return `Signed in as ${user.displayName}; the browser was told so after the exchange, not before.`;
      },
    },
    {
      title: 'Back at the same place, with data',
      async run() {
        assert.equal(await app.show(app.place), 200);
        assert.ok(companies().length > 0);
        return `${companies().length} companies, only those this user may see.`;
      },
    },
    {
      title: 'User info',
      async run() {
        const response = await app.session.fetch(`${apiUrl}/api/userinfo`);
        assert.equal(response.status, 200);
        return `The ID token says ${app.session.user?.displayName}; the API adds what this user may do.`;
      },
    },
    {
      title: 'The app is closed and started again',
      async run() {
        app.session.close();
        app = createApp(startApp(), apiUrl);
        const state = await app.session.restore();
        assert.equal(state.status, 'signed-in');
        assert.equal(await app.show('/companies'), 200);
        return 'Still signed in: the session came from the encrypted store, without asking anybody.';
      },
    },
    {
      title: 'The access token has expired: silent refresh, for three calls at once',
      async run() {
        await app.session.expire('access-token');
        const before = recorder.countOf('POST', '/token');
        const statuses = await Promise.all([
          app.show('/companies'),
          app.show('/companies'),
          app.show('/userinfo'),
        ]);
        assert.deepEqual(statuses, [200, 200, 200]);
        assert.equal(recorder.countOf('POST', '/token') - before, 1);
        return 'Each call met a 401; one refresh served all three, and each was sent once more.';
      },
    },
    {
      title: 'The refresh token has expired too: the session is over',
      async run() {
        app.place = '/companies/2/transactions';
        await app.session.expire('session');
        assert.equal(await codeOf(app.show(app.place)), 'AUTH_SESSION_EXPIRED');
        const { state } = app.session;
        assert.equal(state.status === 'expired' && state.reason, 'refresh-rejected');
        return 'The server says invalid_grant: the app shows “your sign-in has expired” and keeps its place.';
      },
    },
    {
      title: 'Sign-in again, and back at the same place',
      async run() {
        await signIn();
        assert.equal(await app.show(app.place), 200);
        return `At ${app.place} again. The browser still knew the user, so no password was asked for.`;
      },
    },
    {
      title: 'Sign-out',
      async run() {
        const revoked = recorder.countOf('POST', '/revoke');
        await app.session.signOut();
        assert.equal(recorder.countOf('POST', '/revoke') - revoked, 1);
        assert.equal(await codeOf(app.show('/companies')), 'AUTH_SIGN_IN_REQUIRED');
        const next = startApp();
        assert.equal((await next.restore()).status, 'signed-out');
        return 'This machine first, then the server’s tokens. The next start finds nothing.';
      },
    },
  ];
}

async function addressOf(attempt: {
  readonly url: string | undefined;
  readonly state: string;
}): Promise<string> {
  while (attempt.url === undefined && attempt.state === 'opening')
    await new Promise((resolve) => setTimeout(resolve, 5));
  return attempt.url ?? assert.fail(`the sign-in ended: ${attempt.state}`);
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'no error',
    (error: unknown) => (error instanceof AuthError ? error.code : String(error)),
  );
}
