import { requireContestant } from '../api/contestants.ts';

/** One library in front of `GET /private`, and what a fault has to know about it. */
export interface Client {
  /** The name of its server in `bench/api`. */
  readonly name: string;
  readonly label: string;
  /** Whether it reads tokens, or asks the server about them. */
  readonly kind: 'jwt' | 'introspection';
  /** Whether it reads the server's metadata; the others are given the addresses. */
  readonly readsMetadata: boolean;
  /** Whether it remembers tokens that it has checked. */
  readonly remembersTokens: boolean;
}

function client(name: string, traits: Partial<Client> = {}): Client {
  const { framework, label } = requireContestant(name);
  const usual = { kind: 'jwt', readsMetadata: false, remembersTokens: false } as const;
  return { name, label: `${label} (${framework})`, ...usual, ...traits };
}

const traits = { readsMetadata: true, remembersTokens: true };

/** The ones that must be right. */
export const ours: readonly Client[] = [
  client('fastify/deskauth', traits),
  client('express/deskauth', traits),
  client('fastify/deskauth-introspection', { ...traits, kind: 'introspection' }),
];

/** Ours first. */
export const clients: readonly Client[] = [
  ...ours,
  client('express/express-oauth2-jwt-bearer', { readsMetadata: true }),
  client('express/jsonwebtoken'),
  client('express/jsonwebtoken-limited'),
  client('fastify/jose'),
  client('fastify/fastify-jwt-cache-usual', traits),
  client('express/okta'),
  client('fastify/aws-jwt-verify-fetching'),
  client('express/introspection-map', { kind: 'introspection', remembersTokens: true }),
];
