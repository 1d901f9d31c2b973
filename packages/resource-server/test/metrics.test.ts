import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Registry } from 'prom-client';
import { buildErrorResponse, toApiError, verifyRequest } from '../src/index.ts';
import { registerVerifierMetrics } from '../src/prometheus.ts';
import { issuerFor, manualClock, verifierFor } from './support.ts';

test('API-33 checks, hits, key fetches, refusals by code and the clock skew can be scraped', async (t) => {
  const issuer = await issuerFor(t);
  const clock = manualClock();
  clock.advance(20);
  const verifier = verifierFor(issuer, { clock, userInfo: true });
  const registry = new Registry();
  registerVerifierMetrics(registry, { companies: verifier, other: verifierFor(issuer) });
  const call = async (token?: string) => {
    const headers = token ? { authorization: `Bearer ${token}` } : {};
    const request = new Request('https://api.deskauth.example/companies', { headers });
    return verifyRequest(verifier, request, 'companies:read').catch((error) =>
      buildErrorResponse(verifier, toApiError(error)),
    );
  };
  const token = await issuer.token({ claims: { scope: 'openid companies:read' } });
  for (let i = 0; i < 5; i += 1) await call(token);
  await call();
  await call(await issuer.token({ claims: { scope: 'other' } }));
  for (const header of ['x', 'y']) await call(header);

  const scrape = async () => new Set((await registry.metrics()).split('\n'));
  for (const lines of [await scrape(), await scrape()]) {
    for (const line of [
      'deskauth_token_checks_total{api="companies"} 4',
      'deskauth_claims_hits_total{api="companies"} 4',
      'deskauth_key_fetches_total{api="companies"} 1',
      'deskauth_userinfo_lookups_total{api="companies"} 1',
      'deskauth_refusals_total{api="companies",code="API_TOKEN_MISSING"} 1',
      'deskauth_refusals_total{api="companies",code="API_SCOPE_INSUFFICIENT"} 1',
      'deskauth_refusals_total{api="companies",code="API_TOKEN_INVALID"} 2',
      'deskauth_token_checks_total{api="other"} 0',
      'deskauth_remembered_tokens{api="companies"} 2',
      'deskauth_keys_loaded_timestamp_seconds{api="other"} Nan',
    ])
      assert.ok(lines.has(line), `${line}\n${[...lines].join('\n')}`);
    const skew = [...lines].find((line) => line.startsWith('deskauth_clock_skew_seconds{api="companies"}'));
    assert.ok(Math.abs(Number(skew?.split(' ')[1]) - 20) <= 2, skew);
  }
});
