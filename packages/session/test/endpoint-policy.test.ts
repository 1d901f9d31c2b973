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
];

for (const [issuer, tokenEndpoint, ending] of table)
  test(`DISC-05 DISC-06 ${issuer} with ${tokenEndpoint}: ${ending}`, async () => {
    assert.equal(await endingWith(issuer, tokenEndpoint), ending);
    const { origin } = new URL(tokenEndpoint);
    assert.equal(await endingWith(issuer, tokenEndpoint, { endpointOrigins: [origin] }), 'permitted');
  });
