import assert from 'node:assert/strict';
import { test } from 'node:test';
import fastify from 'fastify';
import { resourceServer } from '../src/fastify.ts';
import {
  type AuthorizationDetailNeeded,
  authorizationDetailsOf,
  requireAuthorizationDetails,
} from '../src/index.ts';
import { issuerFor, refused, verifierFor } from './support.ts';

const payment = {
  ...{ type: 'payment', actions: ['initiate', 'status'], identifier: 'account-1' },
  ...{ locations: ['https://api.deskauth.example'], limit: { currency: 'EUR' } },
};

test('API-20 authorization_details are granted whole, by one entry, and never by a part of a word', async (t) => {
  const issuer = await issuerFor(t);
  const verifier = verifierFor(issuer);
  const check = async (granted: unknown, ...needed: AuthorizationDetailNeeded[]) => {
    const token = await issuer.token({ claims: { authorization_details: granted } });
    requireAuthorizationDetails(await verifier.verify(token), needed);
  };
  const account = { type: 'account', actions: ['read'] };
  await check([account, payment], { type: 'payment' });
  await check(
    [account, payment],
    { type: 'payment', actions: ['initiate'], identifier: 'account-1' },
    account,
  );
  await check([payment], { type: 'payment', limit: { currency: 'EUR' } });
  await check([{ type: 'list', of: [{ id: 1 }, { id: 2 }] }], { type: 'list', of: [{ id: 2 }] });
  const insufficient: [unknown, AuthorizationDetailNeeded][] = [
    [undefined, { type: 'payment' }],
    ['payment', { type: 'payment' }],
    [payment, { type: 'payment' }],
    [[null, 'payment', ['payment']], { type: 'payment' }],
    [[payment], { type: 'pay' }],
    [[payment], { type: 'payment', actions: ['init'] }],
    [[payment], { type: 'payment', actions: ['initiate', 'cancel'] }],
    [[{ type: 'payment', actions: 'initiate' }], { type: 'payment', actions: ['initiate'] }],
    [[payment], { type: 'payment', identifier: 'account-2' }],
    [[payment], { type: 'payment', constructor: Object }],
    [
      [
        { ...payment, actions: ['status'] },
        { ...payment, identifier: 'account-2' },
      ],
      { type: 'payment', actions: ['initiate'], identifier: 'account-1' },
    ],
  ];
  for (const [granted, needed] of insufficient)
    await refused(check(granted, needed), 'API_AUTHORIZATION_DETAILS_INSUFFICIENT');
});

test('API-20 a route asks for details, and finds them for its own rules', async (t) => {
  const issuer = await issuerFor(t);
  const app = fastify();
  t.after(() => app.close());
  await app.register(resourceServer, { verifier: verifierFor(issuer) });
  const config = { authorizationDetails: [{ type: 'payment', actions: ['initiate'] }] };
  app.get('/pay', { config }, ({ claims }) =>
    authorizationDetailsOf(claims, 'payment').map((one) => one.identifier),
  );
  const call = async (details: unknown) => {
    const token = await issuer.token({ claims: { authorization_details: details } });
    const { statusCode, headers, json } = await app.inject({
      url: '/pay',
      headers: { authorization: `Bearer ${token}` },
    });
    return { statusCode, challenge: headers['www-authenticate'], body: json() };
  };
  assert.deepEqual((await call([payment])).body, ['account-1']);
  const no = await call([{ type: 'account' }]);
  assert.deepEqual([no.statusCode, no.body.code], [403, 'API_AUTHORIZATION_DETAILS_INSUFFICIENT']);
  assert.match(String(no.challenge), /error="insufficient_scope"/);
  assert.ok(!JSON.stringify(no).includes('account'));
});
