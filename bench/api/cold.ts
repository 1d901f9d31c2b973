import { startAuthority } from './authority.ts';
import { requireContestant } from './contestants.ts';
import type { Place } from './place.ts';
import { bestOf, measure, type Row, type ratio, requireRow } from './rounds.ts';
import { signTokens } from './tokens.ts';

const PER_SLOT = 400;
/** Until the code is compiled and the heap has grown to what a busy server needs: growing costs more than checking. */
const WARM_UP = 28_000;

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
  const tokens = await signTokens(place, keys, WARM_UP + PER_SLOT * rounds);
  const at = (round: number) => WARM_UP + PER_SLOT * round;
  const spanOf = (round: number) => ({ from: at(round), to: at(round + 1) });
  try {
    const warmUp = [{ from: 0, to: WARM_UP }];
    return await measure({ names, place, tokens, rounds, starts: 2, warmUp, spanOf });
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
