import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createWorld, type Step } from './life-world.ts';

type World = Awaited<ReturnType<typeof createWorld>>;

const which = fc.nat({ max: 5 });
const plain = <D extends Step['do']>(name: D) => fc.constant({ do: name } as Extract<Step, { do: D }>);

/** Anything at any moment. */
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('click' as const), prompt: fc.boolean() }) },
  { weight: 8, arbitrary: plain('settle') },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('answer' as const), which }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('refuse' as const), which }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('cancel' as const), which }) },
  { weight: 2, arbitrary: plain('forge') },
  { weight: 1, arbitrary: plain('sign-out') },
  { weight: 1, arbitrary: plain('break-browser') },
  { weight: 1, arbitrary: plain('break-tokens') },
  { weight: 2, arbitrary: plain('hold-tokens') },
  { weight: 2, arbitrary: plain('hold-store') },
  { weight: 2, arbitrary: plain('release') },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('pass-time' as const), seconds: fc.constantFrom(1, 200, 600) }),
  },
  { weight: 1, arbitrary: plain('quit') },
);

/** What most people do, all the way: by chance alone a sign-in would hardly ever come to an end of its own. */
const course = fc
  .record({
    prompt: fc.boolean(),
    which,
    answer: fc.constantFrom('answer' as const, 'answer' as const, 'refuse' as const),
  })
  .map(({ prompt, which, answer }): Step[] => [
    ...[{ do: 'click' as const, prompt }, { do: 'settle' as const }],
    ...[{ do: answer, which }, { do: 'settle' as const }],
  ]);

const steps = fc
  .array(fc.oneof({ weight: 6, arbitrary: step.map((one) => [one]) }, { weight: 1, arbitrary: course }), {
    ...{ minLength: 3, maxLength: 25 },
  })
  .map((parts) => parts.flat());

const UNDER_WAY = ['opening', 'waiting', 'exchanging'];

/** What holds at every moment. */
function checkMoment({ session, attempts }: World): void {
  const running = attempts.filter(({ signIn }) => UNDER_WAY.includes(signIn.state));
  const { state } = session;
  assert.ok(['signed-out', 'signing-in', 'signed-in', 'expired'].includes(state.status), state.status);
  const current = state.status === 'signing-in' ? [state.attemptId] : [];
  // One that is being saved can no longer be stopped; a later one may have begun meanwhile.
  const steerable = running.filter(
    ({ signIn }) => signIn.state !== 'exchanging' || current.includes(signIn.attemptId),
  );
  assert.deepEqual(
    steerable.map(({ signIn }) => signIn.attemptId),
    current,
    'the state is not that of the attempt under way',
  );
}

/** What holds when everything is over. */
async function checkEnd(world: World): Promise<void> {
  const { attempts, tabs, session, store, authority } = world;
  assert.equal(world.openPorts(), 0, 'a listener is left');
  for (const { signIn, end, sub } of attempts) {
    assert.ok(end, `"finished" hangs in ${signIn.state}`);
    assert.equal(end === 'resolved', signIn.state === 'done', signIn.state);
    const nonce = signIn.url && new URL(signIn.url).searchParams.get('nonce');
    if (end === 'resolved') assert.equal(sub, `user-${nonce}`, 'the answer of another attempt');
  }
  for (const { of, told } of tabs) {
    assert.equal(told.length, 1, 'a browser waits for ever, or was told twice');
    if (told[0]?.kind !== 'signed-in') continue;
    assert.ok(of !== 'forger' && of.signIn.state === 'done', 'told success that was none');
    assert.equal(told[0].user.sub, of.sub, 'told of somebody else');
  }
  const record = await store.load();
  assert.equal(session.state.status === 'signed-in', record !== undefined, 'state and store differ');
  assert.equal(record?.user.sub, session.user?.sub);
  assert.ok(!authority.revoked.includes(record?.tokens.refreshToken ?? ''), 'the kept session was revoked');
}

test('AUTH-02 AUTH-06 AUTH-24 D10 whatever happens in whatever order: nothing mixed, nothing hung, nothing left', async () => {
  const reached = new Set<string>();
  await fc.assert(
    fc.asyncProperty(steps, async (steps) => {
      const world = await createWorld();
      for (const next of steps) {
        await world.take(next);
        checkMoment(world);
      }
      await world.finish();
      checkMoment(world);
      await checkEnd(world);
      for (const { signIn } of world.attempts) reached.add(signIn.state);
      for (const { told } of world.tabs) for (const { kind } of told) reached.add(`told ${kind}`);
    }),
    { numRuns: 300 },
  );
  const ends = ['cancelled', 'done', 'failed', 'superseded', 'timed-out'];
  const told = ['told failed', 'told signed-in', 'told unknown'];
  assert.deepEqual([...reached].sort(), [...ends, ...told], 'every end was met');
});
