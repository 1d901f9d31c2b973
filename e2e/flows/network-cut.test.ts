import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';

/** A network namespace is a right of root on most machines, and no thing of Windows and macOS. */
function reasonToSkip(): string | false {
  const { status } = spawnSync('unshare', ['-n', 'ip', 'link', 'show', 'lo']);
  return status === 0 ? false : 'no network namespace can be made here (unshare -n, ip)';
}

test('REF-10 ENV-05 REF-04 the link goes down for real, at start and during a refresh: still signed in', {
  skip: reasonToSkip(),
}, () => {
  const program = [process.execPath, '--conditions=source', 'e2e/flows/fixtures/network-cut.ts'];
  const { stdout, stderr } = spawnSync('unshare', ['-n', ...program], { encoding: 'utf8', timeout: 60_000 });
  assert.notEqual(stdout, '', stderr);
  assert.deepEqual(JSON.parse(stdout), {
    atStart: 'signed-in AUTH_NETWORK signed-in',
    duringRefresh: 'AUTH_NETWORK signed-in',
    afterwards: 'after r signed-in',
  });
});
