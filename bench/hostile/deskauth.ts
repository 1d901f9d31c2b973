import { createNodeSession, loopbackRedirect, memoryStore, type NodeSessionSettings } from '@deskauth/node';
import type { SignInOptions } from '@deskauth/session';
import type { Client } from './client.ts';

/** Our session, as an app creates it. */
export const deskauth: Client = {
  name: 'Deskauth',
  skips: () => undefined,
  async signIn(fault, { issuer, fetch }, browser) {
    const session = createNodeSession({
      ...{ appName: 'Hostile', issuer, clientId: 'desktop', allowHttp: true },
      ...(fault.settings as Partial<NodeSessionSettings>),
      ...{ redirect: loopbackRedirect(), browser, store: memoryStore(), fetch, onWarning: () => {} },
    });
    try {
      for (let left = fault.signIns ?? 1; left > 0; left -= 1)
        await session.signIn(fault.options as SignInOptions).finished;
    } finally {
      session.close();
    }
  },
};
