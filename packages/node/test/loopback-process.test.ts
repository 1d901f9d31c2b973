import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { loopbackRedirect } from '@deskauth/node';
import { closed, openSocket } from './raw-socket.ts';
import { startChild } from './start-child.ts';

/** Shell words that make a network with IPv6 alone. */
const IPV6_ONLY = 'ip link set lo up && ip addr del 127.0.0.1/8 dev lo && exec "$0" "$@"';

function withoutIpv6Network(): string | false {
  const attempt = spawnSync('unshare', ['-n', 'sh', '-c', IPV6_ONLY, 'true']);
  return attempt.status !== 0 && 'needs root, unshare and ip to make a network without IPv4';
}

test('LOOP-24 on a machine without IPv4 it listens on ::1', { skip: withoutIpv6Network() }, async (t) => {
  const child = startChild(t, 'loopback.ts', [], { within: ['unshare', '-n', 'sh', '-c', IPV6_ONLY] });
  assert.match(await child.nextLine(), /^http:\/\/\[::1\]:\d+\/callback$/);
  child.say('visit');
  assert.equal(await child.nextLine(), '?code=c&state=s');
  assert.equal(await child.ended, 0);
});

test('LOOP-23 an app that is killed while it waits leaves its port free', async (t) => {
  const child = startChild(t, 'loopback.ts');
  const { port } = new URL(await child.nextLine());
  child.kill();
  await child.ended;
  const redirect = await loopbackRedirect({ ports: [Number(port)] }).open();
  await redirect.close();
});

test('LOOP-27 running out of file handles while listening neither ends the app nor the attempt', {
  skip: process.platform === 'win32' && 'needs ulimit',
}, async (t) => {
  const child = startChild(t, 'loopback.ts', [], { within: ['sh', '-c', 'ulimit -n 64 && exec "$0" "$@"'] });
  const redirectUri = await child.nextLine();
  child.say('exhaust');
  assert.equal(await child.nextLine(), 'EMFILE');
  const turnedAway = await openSocket(t, Number(new URL(redirectUri).port));
  await closed(turnedAway);
  child.say('relieve');
  assert.equal(await child.nextLine(), 'relieved');
  await fetch(`${redirectUri}?code=honest&state=s`);
  assert.equal(await child.nextLine(), '?code=honest&state=s');
  assert.equal(await child.ended, 0);
});
