import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'node:test';
import { openWaiting } from './waiting-redirect.ts';

const FORM = 'application/x-www-form-urlencoded';

test('LOOP-26 AUTH-25 a form with too many parameters, or of a type that only begins like one, is refused', async (t) => {
  const { redirectUri } = await openWaiting(t, { responseMode: 'form_post' });
  const post = (body: string, type = FORM) =>
    fetch(redirectUri, { method: 'POST', body, headers: { 'content-type': type } });
  assert.equal((await post(`state=1${'&a=1'.repeat(64)}`)).status, 400);
  assert.equal((await post('state=1', `${FORM}-evil`)).status, 415);
});

test('LOOP-12 forms that are begun and never ended hold no more connections than anything else', async (t) => {
  const { redirectUri, port } = await openWaiting(t, { responseMode: 'form_post' });
  const { host, pathname } = new URL(redirectUri);
  const head = `POST ${pathname} HTTP/1.1\r\nHost: ${host}\r\nContent-Type: ${FORM}\r\nContent-Length: 1000\r\n\r\nstate=`;
  let open = 0;
  const sockets = await Promise.all(
    Array.from({ length: 40 }, async () => {
      const socket = connect(port, '127.0.0.1').on('error', () => {});
      await once(socket, 'connect');
      open += 1;
      socket.once('close', () => {
        open -= 1;
      });
      socket.resume().write(head);
      return socket;
    }),
  );
  while (open > 16) await new Promise((resolve) => setTimeout(resolve, 10));
  for (const socket of sockets) socket.destroy();
});
