import assert from 'node:assert/strict';
import { test } from 'node:test';
import './with-fake-electron.ts';
import type { SessionState } from '@deskauth/session';
import { buildRecord } from '@deskauth/session/testing';
import * as electron from './fake-electron.ts';

const { followMachine } = await import('../src/follow-machine.ts');
const { createElectronSession } = await import('../src/create-electron-session.ts');

const { user, issuer } = buildRecord();
const online: SessionState = { status: 'signed-in', user, verified: true, reason: 'fresh' };
const offline: SessionState = { status: 'signed-in', user, verified: false, reason: 'offline' };

/** A session that writes down what it is told, in a state that the test chooses. */
function createFakeSession() {
  let state = online;
  const listeners = new Set<(state: SessionState) => void>();
  const told: string[] = [];
  return {
    told,
    get state() {
      return state;
    },
    become(next: SessionState) {
      state = next;
      for (const listener of listeners) listener(state);
    },
    onChange(listener: (state: SessionState) => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    suspend: () => void told.push('suspend'),
    resume: () => void told.push('resume'),
  };
}

test('REF-05 a sleeping machine renews nothing, and one that wakes behind a locked screen neither', (t) => {
  const session = createFakeSession();
  t.after(followMachine(session));
  const steps: [event: string, ...toldThen: string[]][] = [
    ['lock-screen', 'suspend'],
    ['suspend', 'suspend', 'suspend'],
    ['resume', 'suspend', 'suspend'],
    ['unlock-screen', 'suspend', 'suspend', 'resume'],
    ['resume', 'suspend', 'suspend', 'resume'],
  ];
  for (const [event, ...toldThen] of steps) {
    electron.powerMonitor.emit(event);
    assert.deepEqual(session.told, toldThen, event);
  }
});

test('REF-05 REF-10 the network is asked for only while the session is offline, and its return is told once', (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const ask = t.mock.method(electron.net, 'isOnline');
  const session = createFakeSession();
  t.after(followMachine(session));
  t.mock.timers.tick(60_000);
  assert.equal(ask.mock.callCount(), 0);

  electron.network.isOnline = false;
  session.become(offline);
  t.mock.timers.tick(20_000);
  assert.ok(ask.mock.callCount() > 1);
  assert.deepEqual(session.told, []);
  electron.network.isOnline = true;
  t.mock.timers.tick(20_000);
  assert.deepEqual(session.told, ['resume']);

  session.become(online);
  ask.mock.resetCalls();
  t.mock.timers.tick(60_000);
  assert.equal(ask.mock.callCount(), 0);
});

test('REF-05 a session follows the machine until it is closed, or not at all', () => {
  const settings = { appName: 'Test', issuer, clientId: 'desktop', store: 'memory' } as const;
  const listening = () => electron.powerMonitor.listenerCount('suspend');
  const session = createElectronSession(settings);
  assert.equal(listening(), 1);
  session.close();
  assert.equal(listening(), 0);
  createElectronSession({ ...settings, followMachine: false });
  assert.equal(listening(), 0);
});
