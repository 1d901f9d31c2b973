import { changed } from '../answers.ts';
import { PUBLIC_ISSUER } from '../authority.ts';
import { type Fault, faultsOf } from '../fault.ts';
import type { Bend, Json } from '../scene.ts';

const calling = (itself: (issuer: string) => string): Bend => ({
  metadata: (honest, { issuer }) => ({
    ...honest,
    issuer: itself(issuer),
    authorization_response_iss_parameter_supported: undefined,
  }),
});

/** A server for many tenants, as Entra ID is; the ID token names the person's own. */
const ofTenant = (tenant: string, claims: Json = {}): Bend => ({
  ...calling((issuer) => `${issuer}/{tenantid}/v2.0`),
  answer: (honest) => changed(honest, { iss: undefined }),
  claims: (honest, { issuer }) => ({ ...honest, iss: `${issuer}/${tenant}/v2.0`, tid: tenant, ...claims }),
});

const tenantLies: [string, Json][] = [
  ['a person of another tenant', { iss: `${PUBLIC_ISSUER}/other/v2.0`, tid: 'other' }],
  ['a tenant that does not fit the issuer', { tid: 'other' }],
  ['no tenant', { tid: undefined }],
  ['a list of tenants', { tid: ['one'] }],
  ['the template itself as issuer', { iss: `${PUBLIC_ISSUER}/{tenantid}/v2.0`, tid: '{tenantid}' }],
];

const sharedBy = (tenants: readonly string[]) =>
  ({
    isPublic: true,
    settings: {
      ...{ issuer: `${PUBLIC_ISSUER}/organizations/v2.0`, allowHttp: false, tenants },
      metadataAddress: `${PUBLIC_ISSUER}/.well-known/openid-configuration`,
    },
  }) as const;

/** Servers that serve many tenants, and people of the wrong one. */
export const tenantFaults: readonly Fault[] = [
  ...faultsOf('DISC-12', [
    {
      name: 'a template in place of an issuer',
      bend: calling((issuer) => `${issuer}/{tenantid}/v2.0`),
      expect: 'AUTH_ISSUER_MISMATCH',
    },
    {
      name: 'a template, and no tenants in the settings',
      bend: ofTenant('one'),
      ...sharedBy([]),
      expect: 'AUTH_ISSUER_MISMATCH',
      says: /every tenant.*setting tenants/,
    },
    {
      name: 'a template, and a person of a tenant that the settings list',
      bend: ofTenant('one'),
      ...sharedBy(['two', 'one']),
      expect: 'signed-in',
      claims: { iss: `${PUBLIC_ISSUER}/one/v2.0` },
    },
    ...tenantLies.map(([name, claims]) => ({
      name: `a template, and ${name}`,
      bend: ofTenant('one', claims),
      ...sharedBy(['one']),
      expect: 'AUTH_ID_TOKEN_INVALID' as const,
    })),
    ...[
      'https://evil.example.net/{tenantid}/v2.0',
      `${PUBLIC_ISSUER}/{tenantid}/{tenantid}`,
      '{tenantid}',
    ].map((issuer) => ({
      name: `the template ${issuer}`,
      bend: { ...ofTenant('one'), ...calling(() => issuer) },
      ...sharedBy(['one']),
      expect: 'AUTH_ISSUER_MISMATCH' as const,
    })),
  ]),
];
