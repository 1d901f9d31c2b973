import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as client from 'openid-client';
import { type Client, needsMore, TIME_LIMIT_SECONDS } from './client.ts';

/** A listener as an app writes it in ten lines: the first request on the path is the answer. */
export async function listenOnce(): Promise<{
  readonly redirectUri: string;
  readonly answer: Promise<URL>;
  close(): void;
}> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const redirectUri = `http://127.0.0.1:${(server.address() as AddressInfo).port}/callback`;
  const answer = new Promise<URL>((resolve) => {
    server.on('request', (request, response) => {
      const url = new URL(request.url ?? '', redirectUri);
      response.end(url.pathname === '/callback' ? 'You can close this window.' : 'not found');
      if (url.pathname === '/callback') resolve(url);
    });
  });
  return { redirectUri, answer, close: () => server.close() };
}

function createClient(name: string, isStrict: boolean): Client {
  return {
    name,
    skips: needsMore,
    async signIn(fault, { issuer, fetch }, browser) {
      const execute = [
        client.allowInsecureRequests,
        ...(isStrict ? [client.enableNonRepudiationChecks] : []),
      ];
      const config = await client.discovery(new URL(issuer), 'desktop', undefined, client.None(), {
        ...{ execute, timeout: TIME_LIMIT_SECONDS },
        [client.customFetch]: fetch as client.CustomFetch,
      });
      for (let left = fault.signIns ?? 1; left > 0; left -= 1) {
        const { redirectUri, answer, close } = await listenOnce();
        const pkceCodeVerifier = client.randomPKCECodeVerifier();
        // The README: state only where the server does not announce PKCE, and no nonce.
        const needsState = isStrict || !config.serverMetadata().supportsPKCE();
        const expectedState = needsState ? client.randomState() : undefined;
        const expectedNonce = isStrict ? client.randomNonce() : undefined;
        const parameters = new URLSearchParams({
          redirect_uri: redirectUri,
          scope: 'openid profile',
          code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
          code_challenge_method: 'S256',
          ...(expectedState !== undefined && { state: expectedState }),
          ...(expectedNonce !== undefined && { nonce: expectedNonce }),
        });
        await browser.open(client.buildAuthorizationUrl(config, parameters).href);
        const url = await answer.finally(close);
        // The stand-in for a server that always has a state to send back.
        if (expectedState === undefined && url.searchParams.get('state') === '')
          url.searchParams.delete('state');
        await client.authorizationCodeGrant(config, url, {
          pkceCodeVerifier,
          ...(expectedState !== undefined && { expectedState }),
          ...(expectedNonce !== undefined && { expectedNonce }),
        });
      }
    },
  };
}

/** As its README uses it. */
export const openidClient = createClient('openid-client', false);
/** With everything on that it has: state, nonce, signatures. */
export const openidClientStrict = createClient('openid-client, all on', true);
