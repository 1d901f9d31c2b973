import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type DevAuthority, startDevAuthority } from '@deskauth/dev-authority';
import { signInOverHttp } from '@deskauth/dev-authority/testing';

const APP = join(import.meta.dirname, 'fixtures/killable-app.ts');

/** Every step of a sign-in that the world can see, in order. */
const STEPS = [
  ...[
    'before-openid-configuration',
    'after-openid-configuration',
    'before-listen',
    'after-listen',
    'browser-opened',
  ],
  ...[
    'answer-received',
    'before-token',
    'after-token',
    'before-jwks',
    'after-jwks',
    'before-save',
    'after-save',
  ],
];

let authority: DevAuthority;
before(async () => {
  authority = await startDevAuthority({ port: 0 });
});
after(() => authority?.stop());

interface Run {
  readonly signal: NodeJS.Signals | null;
  readonly start: string | undefined;
  readonly user: string | undefined;
}

/** Starts the app; plays the person when it opens the browser; waits for its end. */
function runApp(directory: string, dieAt = ''): Promise<Run> {
  const env = { ...process.env, ISSUER: authority.issuer, DIRECTORY: directory, DIE_AT: dieAt };
  const child = fork(APP, {
    env,
    execArgv: ['--conditions=source', '--disable-warning=ExperimentalWarning'],
  });
  const said: { start?: string; user?: string } = {};
  child.on('message', (message: { open?: string; start?: string; user?: string }) => {
    const { open, ...rest } = message;
    Object.assign(said, rest);
    // The app may be dead by the time the browser comes back: a refused connection is what a person would see.
    if (open)
      signInOverHttp(open, { username: 'europe', password: 'deskauth', followRedirect: true }).catch(
        () => {},
      );
  });
  return new Promise((resolve) =>
    child.once('exit', (_code, signal) => resolve({ signal, start: said.start, user: said.user })),
  );
}

for (const dieAt of STEPS)
  test(`LOOP-23 STORE-07 killed at ${dieAt}: the next start is clean or signed in, and works`, async () => {
    const directory = await mkdtemp(join(tmpdir(), 'deskauth-sudden-end-'));
    try {
      assert.equal((await runApp(directory, dieAt)).signal, 'SIGKILL');
      const next = await runApp(directory);
      assert.equal(next.signal, null);
      assert.equal(next.start, dieAt === 'after-save' ? 'signed-in' : 'signed-out');
      assert.equal(next.user, 'user-europe');
      const drafts = (await readdir(directory)).filter((name) => name.endsWith('.new'));
      assert.deepEqual(drafts, []);
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  });
