import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loopbackRedirect } from '@deskauth/node';
import { AuthError, type OpenRedirect } from '@deskauth/session';
import fc from 'fast-check';
import { analyst } from './waiting-redirect.ts';

/** What happens to the listeners of one app; a number chooses among those that there are. */
type Step =
  | { readonly do: 'open' }
  | { readonly do: 'visit' | 'forge' | 'succeed' | 'fail' | 'close' | 'cancel'; readonly which: number };

const which = fc.nat({ max: 3 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 2, arbitrary: fc.constant({ do: 'open' } as const) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'visit' as const,
        'forge' as const,
        'succeed' as const,
        'fail' as const,
        'close' as const,
        'cancel' as const,
      ),
      which,
    }),
  },
);

interface Opened {
  readonly redirect: OpenRedirect;
  readonly state: string;
  end: 'none' | 'signed-in' | 'failed';
  isOpen: boolean;
}

const NOT_OPEN = 'connection refused';
/** What each end allows a browser to be told. Connection refused: nothing lingers any more. */
const TRUE_OF_ALL = ['This sign-in is no longer open', 'The sign-in was cancelled', NOT_OPEN];
const TRUE_OF = {
  none: TRUE_OF_ALL,
  'signed-in': [...TRUE_OF_ALL, 'You are signed in as', 'You are already signed in'],
  failed: [...TRUE_OF_ALL, 'The sign-in did not succeed'],
};

/** The heading that a browser is shown here. */
async function headingAt(address: string): Promise<string> {
  const response = await fetch(address).catch(() => undefined);
  return /<h1>([^<]*)/.exec((await response?.text()) ?? '')?.[1]?.trim() ?? NOT_OPEN;
}

async function run(steps: readonly Step[], ports: readonly number[]): Promise<void> {
  const listener = loopbackRedirect({ ports, lingerSeconds: 30 });
  const all: Opened[] = [];
  const visits: { readonly to: Opened; readonly isForged: boolean; readonly heading: Promise<string> }[] = [];
  const visit = (to: Opened, isForged: boolean) => {
    const state = isForged ? 'forged' : to.state;
    visits.push({ to, isForged, heading: headingAt(`${to.redirect.redirectUri}?code=c&state=${state}`) });
  };
  /** What the engine does with what has arrived: our state gets its end, everything else is unknown. */
  async function answer(to: Opened, end: 'signed-in' | 'failed'): Promise<void> {
    if (to.end !== 'none') return;
    visit(to, false);
    for (;;) {
      const next = await to.redirect.next(AbortSignal.timeout(100)).catch(() => undefined);
      if (!next) return;
      const isOurs = next.url.endsWith(`state=${to.state}`);
      const error = new AuthError('AUTH_NETWORK', 'No route.').toJSON();
      if (isOurs) to.end = end;
      next.finish(
        !isOurs
          ? { kind: 'unknown' }
          : end === 'failed'
            ? { kind: end, error }
            : { kind: end, user: analyst },
      );
      if (isOurs) return;
    }
  }

  for (const next of steps) {
    const to = next.do === 'open' ? undefined : all[next.which % Math.max(1, all.length)];
    if (next.do === 'open') {
      // A list of ports can be exhausted by sign-ins that are open, and by nothing else.
      const redirect = await listener.open().catch((error: AuthError) => error);
      if ('redirectUri' in redirect)
        all.push({ redirect, state: `state-${all.length}`, end: 'none', isOpen: true });
      else assert.equal(all.filter(({ isOpen }) => isOpen).length, ports.length, redirect.message);
    } else if (!to) continue;
    else if (next.do === 'visit' || next.do === 'forge') visit(to, next.do === 'forge');
    else if (next.do === 'succeed') await answer(to, 'signed-in');
    else if (next.do === 'fail') await answer(to, 'failed');
    else {
      to.isOpen = false;
      await to.redirect.close(
        next.do === 'cancel' ? new AuthError('AUTH_SIGN_IN_CANCELLED', 'x') : undefined,
      );
    }
  }
  for (const { redirect } of all) await redirect.close();
  for (const { to, isForged, heading } of visits)
    assert.ok(TRUE_OF[isForged ? 'none' : to.end].includes(await heading), `${await heading} of ${to.end}`);
}

for (const [kind, ports] of [
  ['any port', [0]],
  ['two fixed ports', [48_311, 48_312]],
] as const)
  test(`LOOP-09 LOOP-10 LOOP-15 D10 listeners in any order, ${kind}: every browser gets an answer, and none that is another’s`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 14 }), (steps) => run(steps, ports)),
      { numRuns: 40, interruptAfterTimeLimit: 20_000 },
    );
    // The next sign-in finds its ports free, however the last ones ended.
    const redirect = await loopbackRedirect({ ports, lingerSeconds: 0 }).open();
    await redirect.close();
  });
