import crypto from 'node:crypto';
import { createServer } from 'node:http';
import { syncBuiltinESMExports } from 'node:module';
import type { AddressInfo } from 'node:net';
import type { Place } from '../api/place.ts';

/** What the bench asks of this process. */
export type Order = { readonly start: string; readonly place: Place } | { readonly count: 'checks' };

/** How many signatures this process has checked, by whatever way a library goes. */
let checks = 0;

function countCalls(owner: object, name: string): void {
  const original = Reflect.get(owner, name);
  Reflect.set(owner, name, function counted(this: unknown, ...parameters: unknown[]) {
    checks += 1;
    return Reflect.apply(original, this, parameters);
  });
}

countCalls(crypto, 'verify');
countCalls(crypto, 'createVerify');
countCalls(Object.getPrototypeOf(crypto.webcrypto.subtle), 'verify');
syncBuiltinESMExports();

// Only now: some libraries take these functions when they are loaded.
const { requireContestant } = await import('../api/contestants.ts');

let stop = () => {};

process.on('message', async (order: Order) => {
  if ('count' in order) return process.send?.(checks);
  stop();
  const server = createServer(await requireContestant(order.start).create(order.place));
  stop = () => {
    server.close().closeAllConnections();
  };
  server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
  return true;
});
