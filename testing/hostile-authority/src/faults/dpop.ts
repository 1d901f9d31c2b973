import { FAPI2, type Fault, faultsOf } from '../fault.ts';
import { json } from '../replies.ts';
import type { Bend, Json } from '../scene.ts';

const required = { dpop: 'required' };
const offering = (listed: unknown) => (honest: Json) => ({
  ...honest,
  dpop_signing_alg_values_supported: listed,
});
const typed = (type: string): Bend => ({ token: (honest) => ({ ...honest, token_type: type }) });
const refusing = (error: string): Bend => ({ token: () => json({ error }, 400) });

/** Sign-ins whose tokens are to be bound to a key (RFC 9449). */
export const dpopFaults: readonly Fault[] = [
  ...faultsOf('TOK-11', [
    {
      name: 'the type DPoP in other letters',
      conformance: `${FAPI2}-token-type-case-insensitivity`,
      ...{ bend: typed('dPOP'), settings: required, expect: 'signed-in' },
    },
  ]),
  ...faultsOf('TOK-15', [
    ...['Bearer', 'bEARER', 'mac'].map((type) => ({
      name: `a proof answered with the type ${type}`,
      ...{ bend: typed(type), settings: required, asked: { token: 1 } },
      expect: 'AUTH_TOKEN_RESPONSE_INVALID' as const,
    })),
    {
      name: 'bound tokens are offered, and a bearer token comes',
      bend: { ...typed('Bearer'), metadata: offering(['ES256']) },
      ...{ settings: { dpop: 'when-offered' }, asked: { token: 1 } },
      expect: 'AUTH_TOKEN_RESPONSE_INVALID',
    },
    ...[['none'], ['RS512'], []].map((listed) => ({
      name: `proofs signed with ${listed[0] ?? 'nothing'}`,
      ...{ bend: { metadata: offering(listed) }, settings: required, asked: { authorize: 0, token: 0 } },
      expect: 'AUTH_DISCOVERY_FAILED' as const,
    })),
    {
      name: 'a text in place of a list of algorithms',
      ...{ bend: { metadata: offering('ES256') }, settings: { dpop: 'when-offered' }, expect: 'signed-in' },
    },
  ]),
  ...faultsOf('TOK-16', [
    {
      name: 'a nonce wanted once',
      bend: { nonce: (given) => (given === 'n-1' ? undefined : 'n-1') },
      ...{ settings: required, expect: 'signed-in', asked: { token: 2 } },
    },
    {
      name: 'the same nonce wanted again and again, of a client with a proof',
      bend: { nonce: () => 'n-1' },
      ...{ settings: required, expect: 'AUTH_CLIENT_REJECTED', asked: { token: 2 } },
    },
    {
      name: 'another nonce wanted each time',
      bend: { nonce: (given) => `${given ?? 'n'}-more` },
      ...{ settings: required, expect: 'AUTH_CLIENT_REJECTED', asked: { token: 2 } },
    },
    {
      name: 'a nonce wanted and not given',
      ...{ bend: { nonce: () => '' }, settings: required },
      ...{ expect: 'AUTH_CLIENT_REJECTED', asked: { token: 2 } },
    },
    {
      name: 'a proof that is not believed',
      ...{ bend: refusing('invalid_dpop_proof'), settings: required },
      ...{ expect: 'AUTH_CLIENT_REJECTED', asked: { token: 1 } },
    },
    {
      name: 'a proof wanted of a client that has no key',
      ...{ bend: refusing('invalid_dpop_proof'), expect: 'AUTH_CLIENT_REJECTED', asked: { token: 1 } },
    },
  ]),
];
