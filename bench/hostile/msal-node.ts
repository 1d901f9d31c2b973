import { ProtocolMode, PublicClientApplication } from '@azure/msal-node';
import { type Client, needsMore } from './client.ts';

/** Its redirect is http://localhost without a path, it asks for forms, and it has no silent attempt of this kind. */
const NOT_ITS = new Set(['AUTH-17', 'AUTH-23', 'AUTH-25']);

/** The desktop flow of its documentation, against an OpenID Connect server that is not Microsoft's. */
export const msalNode: Client = {
  name: '@azure/msal-node',
  needsPublicIssuer: true,
  skips: (fault) =>
    NOT_ITS.has(fault.id) ? 'its redirect and its requests are made otherwise' : needsMore(fault),
  async signIn(fault, { issuer }, browser) {
    const app = new PublicClientApplication({
      auth: { clientId: 'desktop', authority: issuer, knownAuthorities: [new URL(issuer).host] },
      system: { protocolMode: ProtocolMode.OIDC },
    });
    for (let left = fault.signIns ?? 1; left > 0; left -= 1)
      await app.acquireTokenInteractive({
        scopes: ['openid', 'profile'],
        openBrowser: (url) => browser.open(url),
      });
  },
};
