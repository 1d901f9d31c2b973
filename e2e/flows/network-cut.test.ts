import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';

/** A network namespace is a right of root on most machines, and no thing of Windows and macOS. */
function reasonToSkip(): string | false {
  const { status } = spawnSync('unshare', ['-n', 'ip', 'link', 'show', 'lo']);
  return status === 0 ? false : 'no network namespace can be made here (unshare -n, ip)';
}

function runInNamespace(fixture: string): string {
  const program = [process.execPath, '--conditions=source', `e2e/flows/fixtures/${fixture}`];
  const { stdout, stderr } = spawnSync('unshare', ['-n', ...program], { encoding: 'utf8', timeout: 60_000 });
  assert.notEqual(stdout, '', stderr);
  return stdout;
}

test('REF-10 ENV-05 REF-04 the link goes down for real, at start and during a refresh: still signed in', {
  skip: reasonToSkip(),
}, () => {
  assert.deepEqual(JSON.parse(runInNamespace('network-cut.ts')), {
    atStart: 'signed-in AUTH_NETWORK signed-in',
    duringRefresh: 'AUTH_NETWORK signed-in',
    afterwards: 'after r signed-in',
  });
});

test('REF-10 REF-05 ENV-05 an hour without a network: signed in all the time, few attempts, and one refresh at its end', () => {
  const mode = reasonToSkip() ? 'port' : 'link';
  const program = [process.execPath, '--conditions=source', 'e2e/flows/fixtures/hour-offline.ts', mode];
  const [command = '', ...args] = mode === 'link' ? ['unshare', '-n', ...program] : program;
  const { stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', timeout: 60_000 });
  assert.notEqual(stdout, '', stderr);
  const { online, offline, back } = JSON.parse(stdout);
  assert.deepEqual(online, ['signed-in verified after r']);
  assert.deepEqual(offline.seen, ['signed-in unverified AUTH_NETWORK']);
  // Of 10,800 calls: at most one attempt in thirty seconds after the first minute, and at least one in seventy.
  assert.ok(offline.attempts >= 51 && offline.attempts <= 126, `${offline.attempts} attempts`);
  assert.deepEqual(back, { refreshes: 1, seen: ['signed-in verified after r+'] });
});

test('ENV-04 whatever is sent by IPv6 vanishes: the host is reached by IPv4', {
  skip: reasonToSkip(),
}, () => {
  assert.equal(runInNamespace('broken-ipv6.ts'), 'here');
});
