import { InMemoryWebStorage, OidcClient, WebStorageStateStore } from 'oidc-client-ts';
import { type Client, needsMore, TIME_LIMIT_SECONDS } from './client.ts';
import { listenOnce } from './openid-client.ts';

/** Code flow as its documentation has it, with a listener in place of the page. */
export const oidcClientTs: Client = {
  name: 'oidc-client-ts',
  skips: needsMore,
  async signIn(fault, { issuer }, browser) {
    const stateStore = new WebStorageStateStore({ store: new InMemoryWebStorage() });
    for (let left = fault.signIns ?? 1; left > 0; left -= 1) {
      const { redirectUri, answer, close } = await listenOnce();
      const client = new OidcClient({
        ...{ authority: issuer, client_id: 'desktop', redirect_uri: redirectUri, stateStore },
        ...{ scope: 'openid profile', requestTimeoutInSeconds: TIME_LIMIT_SECONDS },
      });
      const request = await client.createSigninRequest({});
      await browser.open(request.url);
      const url = await answer.finally(close);
      await client.processSigninResponse(url.href);
    }
  },
};
