import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';

/** A proof of `npm run bench`, small enough for every test run. */
function bench(...words: string[]): {
  readonly code: number | null;
  readonly result: Record<string, unknown>;
} {
  const args = ['--conditions=source', 'bench/run.ts', ...words, '--json'];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    timeout: 180_000,
  });
  assert.notEqual(stdout, '', stderr);
  return { code: status, result: JSON.parse(stdout) as Record<string, unknown> };
}

test('REF-01 REF-02 REF-14 REF-15 STORE-09 four processes at expiry: one refresh a round, nothing refused, no call fails', () => {
  const { code, result } = bench('refresh-storm', '--processes', '4', '--calls', '50', '--rounds', '3');
  const { refreshes, refused, failedCalls, signedOut } = result;
  assert.deepEqual(
    { code, refreshes, refused, failedCalls, signedOut },
    { code: 0, refreshes: 3, refused: 0, failedCalls: 0, signedOut: 0 },
  );
});

test('REF-03 REF-04 REF-13 STORE-07 a process that is killed at any step of a refresh loses no session that can be helped', () => {
  const { code, result } = bench('crash-matrix', '--runs', '1');
  assert.equal(code, 0, JSON.stringify(result.rows));
  assert.equal(result.lostWithGrace, 0);
  assert.ok(Number(result.points) > 20);
  // The points are real: without grace a session dies with the only process that has its token.
  assert.ok(Number(result.lostWithout) > 0);
});
