import { startAuthority } from './authority.ts';
import { requireContestant } from './contestants.ts';
import type { Place } from './place.ts';
import { bestOf, measure, type Row, type ratio, requireRow } from './rounds.ts';
import { signTokens } from './tokens.ts';

const PER_SLOT = 2500;

const FASTIFY_PEERS = ['fastify/jose', 'fastify/fastify-jwt', 'fastify/aws-jwt-verify'];
const EXPRESS_PEERS = [
  ...['express/jose', 'express/express-oauth2-jwt-bearer'],
  ...['express/jsonwebtoken', 'express/okta'],
];
const NAMES = [
  ...['http/crypto', 'http/deskauth', 'fastify/deskauth', ...FASTIFY_PEERS],
  ...['express/deskauth', ...EXPRESS_PEERS],
];

/** No server sees a token twice: each round has tokens of its own, the same for all servers. */
export async function measureCold(algorithm: Place['algorithm'], rounds: number): Promise<Row[]> {
  const authority = await startAuthority(algorithm);
  const { place, keys } = authority;
  const names = NAMES.filter((name) => algorithm === 'RS256' || !requireContestant(name).rsaOnly);
  const tokens = await signTokens(place, keys, PER_SLOT * (rounds + 2));
  const spanOf = (round: number) => ({ from: PER_SLOT * (round + 2), to: PER_SLOT * (round + 3) });
  try {
    return await measure({ names, place, tokens, rounds, warmUp: [spanOf(-2), spanOf(-1)], spanOf });
  } finally {
    authority.stop();
  }
}

/** Ours on node:http to the bare verification there, and ours to the best peer on each framework. */
export function coldRatios(rows: readonly Row[], compare: typeof ratio) {
  const find = (name: string) => requireRow(rows, name);
  const best = (names: readonly string[]) => bestOf(rows.filter(({ name }) => names.includes(name)));
  return {
    toBare: compare(find('http/deskauth'), find('http/crypto')),
    toBareOnFastify: compare(find('fastify/deskauth'), find('http/crypto')),
    toBestPeer: compare(find('fastify/deskauth'), best(FASTIFY_PEERS)),
    toBestPeerExpress: compare(find('express/deskauth'), best(EXPRESS_PEERS)),
  };
}
