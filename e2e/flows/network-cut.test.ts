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

test('ENV-04 whatever is sent by IPv6 vanishes: the host is reached by IPv4', {
  skip: reasonToSkip(),
}, () => {
  assert.equal(runInNamespace('broken-ipv6.ts'), 'here');
});
