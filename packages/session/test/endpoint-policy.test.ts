import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codeOf, createBench } from './create-bench.ts';

/** How a sign-in ends when this issuer names this token endpoint; nothing is ever sent to either. */
async function endingWith(issuer: string, tokenEndpoint: string, settings: object = {}): Promise<string> {
  const opened: string[] = [];
  const { session } = await createBench({
    settings: { issuer, ...settings },
    person: (url) => void opened.push(url),
    ports: {
      fetch: async () =>
        Response.json({
          issuer,
          authorization_endpoint: `${issuer}/authorize`,
          token_endpoint: tokenEndpoint,
          jwks_uri: `${issuer}/keys`,
        }),
    },
  });
  const attempt = session.signIn();
  while (attempt.state === 'opening') await new Promise((resolve) => setImmediate(resolve));
  if (attempt.state !== 'waiting') return codeOf(attempt.finished);
  attempt.cancel();
  return 'permitted';
}

const table: [issuer: string, tokenEndpoint: string, ending: 'permitted' | 'AUTH_ENDPOINT_REFUSED'][] = [
  ['https://login.example.com', 'https://login.example.com:8443/token', 'permitted'],
  ['https://login.example.com', 'https://tokens.eu.example.com/token', 'permitted'],
  ['https://example.com', 'https://login.example.com/token', 'permitted'],
  ['https://login.example.co.uk', 'https://tokens.example.co.uk/token', 'permitted'],
  ['https://login.example.co.uk', 'https://evil.co.uk/token', 'AUTH_ENDPOINT_REFUSED'],
  ['https://login.example.com', 'https://example.com.evil.net/token', 'AUTH_ENDPOINT_REFUSED'],
  ['https://login.example.com', 'https://notexample.com/token', 'AUTH_ENDPOINT_REFUSED'],
  ['https://10.0.0.1', 'https://10.0.0.1:8443/token', 'permitted'],
  ['https://10.0.0.1', 'https://10.0.0.2/token', 'AUTH_ENDPOINT_REFUSED'],
  ['https://login.example.com', 'https://10.0.0.1/token', 'AUTH_ENDPOINT_REFUSED'],
  ['https://login.example.com', 'https://100.64.0.1/token', 'AUTH_ENDPOINT_REFUSED'],
  ['https://login.example.com', 'https://[fd00::1]/token', 'AUTH_ENDPOINT_REFUSED'],
  ['https://login.example.com', 'https://[64:ff9b::a00:1]/token', 'AUTH_ENDPOINT_REFUSED'],
  ['https://login.example.com', 'https://app.localhost/token', 'AUTH_ENDPOINT_REFUSED'],
  ['https://127.0.0.1:3000', 'https://localhost:4000/token', 'permitted'],
  // Two customers of one host are two owners, and so are two names of a country's own second level.
  ['https://one.github.io', 'https://two.github.io/token', 'AUTH_ENDPOINT_REFUSED'],
  ['https://one.github.io', 'https://one.github.io:8443/token', 'permitted'],
  ['https://one.azurewebsites.net', 'https://two.azurewebsites.net/token', 'AUTH_ENDPOINT_REFUSED'],
  [
    'https://login.one.azurewebsites.net',
    'https://evil.one.azurewebsites.net/token',
    'AUTH_ENDPOINT_REFUSED',
  ],
  ['https://one.s3.amazonaws.com', 'https://two.s3.amazonaws.com/token', 'AUTH_ENDPOINT_REFUSED'],
  ['https://one.eu.auth0.com', 'https://two.eu.auth0.com/token', 'AUTH_ENDPOINT_REFUSED'],
  ['https://one.okta.com', 'https://two.okta.com/token', 'AUTH_ENDPOINT_REFUSED'],
  ['https://one.vercel.app', 'https://two.vercel.app/token', 'AUTH_ENDPOINT_REFUSED'],
  ['https://login.one.com.br', 'https://login.two.com.br/token', 'AUTH_ENDPOINT_REFUSED'],
  ['https://login.one.gv.at', 'https://tokens.one.gv.at/token', 'permitted'],
  ['https://login.one.nhs.uk', 'https://login.two.nhs.uk/token', 'AUTH_ENDPOINT_REFUSED'],
  ['https://co.uk', 'https://login.co.uk/token', 'AUTH_ENDPOINT_REFUSED'],
  ['https://idp', 'https://tokens/token', 'AUTH_ENDPOINT_REFUSED'],
  ['https://login.example.com.', 'https://tokens.example.com/token', 'permitted'],
  // Providers whose endpoints are elsewhere, and those who would like to be taken for one.
  ['https://accounts.google.com', 'https://oauth2.googleapis.com/token', 'permitted'],
  ['https://accounts.google.com', 'https://oauth2.googleapis.com:8443/token', 'AUTH_ENDPOINT_REFUSED'],
  ['https://accounts.google.com', 'https://storage.googleapis.com/token', 'AUTH_ENDPOINT_REFUSED'],
  ['https://accounts.google.com.evil.net', 'https://oauth2.googleapis.com/token', 'AUTH_ENDPOINT_REFUSED'],
  ['https://sts.windows.net/8eaef023/', 'https://login.microsoftonline.com/8eaef023/token', 'permitted'],
  ['https://sts.windows.net/8eaef023/', 'https://evil.blob.core.windows.net/token', 'AUTH_ENDPOINT_REFUSED'],
  [
    'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_abc',
    'https://shop.auth.eu-west-1.amazoncognito.com/oauth2/token',
    'permitted',
  ],
  [
    'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_abc',
    'https://shop.auth.us-east-1.amazoncognito.com/oauth2/token',
    'AUTH_ENDPOINT_REFUSED',
  ],
  [
    'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_abc',
    'https://evil.s3.eu-west-1.amazonaws.com/token',
    'AUTH_ENDPOINT_REFUSED',
  ],
  ['https://one.b2clogin.com/8eaef023/v2.0', 'https://two.b2clogin.com/token', 'AUTH_ENDPOINT_REFUSED'],
];

for (const [issuer, tokenEndpoint, ending] of table)
  test(`DISC-05 DISC-06 ${issuer} with ${tokenEndpoint}: ${ending}`, async () => {
    assert.equal(await endingWith(issuer, tokenEndpoint), ending);
    const { origin } = new URL(tokenEndpoint);
    assert.equal(await endingWith(issuer, tokenEndpoint, { endpointOrigins: [origin] }), 'permitted');
  });
