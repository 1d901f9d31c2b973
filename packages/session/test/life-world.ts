import {
  type AuthError,
  memoryStore,
  type OpenRedirect,
  type RedirectAnswer,
  type RedirectListener,
  type SignIn,
  type SignInOutcome,
} from '@deskauth/session';
import { createBench } from './create-bench.ts';

/** What a person, a program or the network can do at any moment. A number chooses among the attempts that there are. */
export type Step =
  | { readonly do: 'click'; readonly prompt: boolean }
  | { readonly do: 'answer' | 'refuse' | 'cancel'; readonly which: number }
  | {
      readonly do:
        | 'forge'
        | 'quit'
        | 'sign-out'
        | 'break-browser'
        | 'hold-tokens'
        | 'hold-store'
        | 'release'
        | 'break-tokens';
    }
  | { readonly do: 'pass-time'; readonly seconds: number }
  | { readonly do: 'settle' };

/** One browser tab that reached a redirect URI, and what it was told. */
interface Tab {
  readonly of: Attempt | 'forger';
  readonly told: SignInOutcome[];
}

interface Attempt {
  readonly signIn: SignIn;
  end?: 'resolved' | 'rejected';
  sub?: string;
}

/** More turns than any work takes, on a machine that does a hundred other things: whoever needs them hangs. */
const ENOUGH_TURNS = 5000;

/** Lets everything run that is ready, then waits until this holds: cryptography has threads of its own. */
async function until(holds: () => boolean): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await new Promise<void>((resolve) => setImmediate(resolve));
  for (let turn = 0; turn < ENOUGH_TURNS && !holds(); turn += 1)
    await new Promise<void>((resolve) => setTimeout(resolve, 1));
}

/** A session on fakes, and everything that happened to it. */
export async function createWorld() {
  const listener = createPorts();
  const attempts: Attempt[] = [];
  const tabs: Tab[] = [];
  let isBrowserBroken = false;
  const tokens = createGate();
  const saving = createGate();
  const store = memoryStore();
  let areTokensBroken = false;
  const bench = await createBench({
    ports: {
      redirect: listener,
      store: { ...store, save: (record) => saving.pass().then(() => store.save(record)) },
    },
    person: () => (isBrowserBroken ? Promise.reject(new Error('no browser')) : undefined),
  });
  const { session, authority, clock } = bench;
  // Whose tokens these are is told by the nonce, which is the attempt's own.
  authority.bend.idTokenClaims = (claims) => ({ ...claims, sub: `user-${claims.nonce}` });
  authority.bend.token = async (_request, honest) => {
    await tokens.pass();
    return areTokensBroken ? new Response('', { status: 502 }) : Response.json(honest);
  };

  const open = (answer: string, of: Tab['of']) => {
    const tab: Tab = { of, told: [] };
    if (listener.arrive(answer, (outcome) => tab.told.push(outcome))) tabs.push(tab);
  };
  const follow = (signIn: SignIn) => {
    if (attempts.some((known) => known.signIn === signIn)) return;
    const attempt: Attempt = { signIn };
    attempts.push(attempt);
    signIn.finished.then(
      (user) => Object.assign(attempt, { end: 'resolved', sub: user.sub }),
      () => Object.assign(attempt, { end: 'rejected' }),
    );
  };
  /** Nothing moves by itself: attempts wait for the browser, or for a gate. */
  const isQuiet = () =>
    attempts.every(
      ({ signIn, end }) => end || signIn.state === 'waiting' || tokens.isOccupied() || saving.isOccupied(),
    );
  const chosen = (which: number) => attempts[which % Math.max(1, attempts.length)];

  async function take(step: Step): Promise<void> {
    switch (step.do) {
      case 'click':
        return follow(session.signIn(step.prompt ? { prompt: 'login' } : {}));
      case 'answer':
      case 'refuse': {
        const attempt = chosen(step.which);
        if (!attempt?.signIn.url) return;
        const answer = new URL(authority.authorize(attempt.signIn.url));
        if (step.do === 'refuse') {
          answer.searchParams.delete('code');
          answer.searchParams.set('error', 'access_denied');
        }
        return open(answer.href, attempt);
      }
      case 'forge':
        return open(`${listener.lastUri}?code=forged&state=forged`, 'forger');
      case 'cancel':
        return chosen(step.which)?.signIn.cancel();
      case 'quit':
        return session.close();
      case 'sign-out':
        return void session.signOut();
      case 'break-browser':
        isBrowserBroken = !isBrowserBroken;
        return;
      case 'break-tokens':
        areTokensBroken = !areTokensBroken;
        return;
      case 'hold-tokens':
        return tokens.shut();
      case 'hold-store':
        return saving.shut();
      case 'release':
        tokens.open();
        return saving.open();
      case 'pass-time':
        return clock.advance(step.seconds);
      case 'settle':
        return until(isQuiet);
    }
  }

  return {
    ...bench,
    attempts,
    tabs,
    take,
    openPorts: () => listener.openCount,
    /** Lets everything come to its end: nothing may be left after that. */
    async finish(): Promise<void> {
      await take({ do: 'release' });
      clock.advance(600);
      await until(() => attempts.every(({ end }) => end) && listener.openCount === 0);
      await take({ do: 'settle' });
    },
  };
}

/** Holds back who comes while it is shut. */
function createGate() {
  const waiting: (() => void)[] = [];
  let isShut = false;
  return {
    isOccupied: () => waiting.length > 0,
    pass: () => (isShut ? new Promise<void>((resolve) => waiting.push(resolve)) : Promise.resolve()),
    shut() {
      isShut = true;
    },
    open() {
      isShut = false;
      for (const go of waiting.splice(0)) go();
    },
  };
}

/** Ports as a machine has them: each listener its own; after it is closed, a browser that comes late is told why. */
function createPorts() {
  const ports = new Map<string, (answer: RedirectAnswer) => void>();
  let openCount = 0;
  let lastUri = 'http://127.0.0.1:1/callback';

  function listen(redirectUri: string): OpenRedirect {
    const waiting: RedirectAnswer[] = [];
    let wake = () => {};
    let late: SignInOutcome | undefined;
    ports.set(redirectUri, (answer) => {
      if (late) return answer.finish(late);
      waiting.push(answer);
      wake();
    });
    return {
      redirectUri,
      async next(signal) {
        for (;;) {
          signal.throwIfAborted();
          const answer = waiting.shift();
          if (answer) return answer;
          await new Promise<void>((resolve) => {
            wake = resolve;
            signal.addEventListener('abort', () => resolve(), { once: true });
          });
        }
      },
      async close(why?: AuthError) {
        if (late) return;
        openCount -= 1;
        late = why ? { kind: 'failed', error: why.toJSON() } : { kind: 'unknown' };
        for (const answer of waiting.splice(0)) answer.finish(late);
      },
    };
  }

  return {
    async open() {
      openCount += 1;
      lastUri = `http://127.0.0.1:${ports.size + 1}/callback`;
      return listen(lastUri);
    },
    /** False where nobody has ever listened: the browser shows that itself. */
    arrive(url: string, finish: (outcome: SignInOutcome) => void): boolean {
      const port = ports.get(url.slice(0, url.indexOf('?')));
      port?.({ url, finish });
      return port !== undefined;
    },
    get openCount() {
      return openCount;
    },
    get lastUri() {
      return lastUri;
    },
  } satisfies RedirectListener & Record<string, unknown>;
}
