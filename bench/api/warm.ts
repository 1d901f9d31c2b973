import { startAuthority } from './authority.ts';
import { bestOf, measure, type Row, type ratio, requireRow } from './rounds.ts';
import { signTokens } from './tokens.ts';

const TOKENS = 10_000;

/** JWT-checking peers; what is compared with them stands beside them, so that little time lies between. */
const FASTIFY_PEERS = ['fastify/jose', 'fastify/fastify-jwt-cache', 'fastify/aws-jwt-verify'];
const EXPRESS_PEERS = [
  ...['express/jose', 'express/express-oauth2-jwt-bearer'],
  ...['express/jsonwebtoken', 'express/okta'],
];
const NAMES = [
  ...['fastify/none', 'fastify/map', 'fastify/deskauth', 'fastify/map-tuned', 'fastify/map-sha256'],
  'fastify/first-only',
  ...FASTIFY_PEERS,
  ...['express/none', 'express/map', 'express/deskauth', 'express/map-tuned', 'express/introspection-map'],
  ...EXPRESS_PEERS,
];

/** Every server answers requests with 10,000 tokens in turn, all of which it has seen before. */
export async function measureWarm(rounds: number, milliseconds: number): Promise<Row[]> {
  const authority = await startAuthority('RS256');
  const { place, keys } = authority;
  const tokens = await signTokens(place, keys, TOKENS);
  const all = { from: 0, to: TOKENS };
  try {
    return await measure({
      ...{ names: NAMES, place, tokens, rounds, starts: 4 },
      warmUp: [all, { ...all, milliseconds: 1500 }],
      // A round is too short for all of them, so that each begins elsewhere.
      spanOf: (round) => ({ ...all, first: (round * 4999) % TOKENS, milliseconds }),
    });
  } finally {
    authority.stop();
  }
}

/** The ratios of requests per second, or of processor time per request, ours to the others. */
export function warmRatios(rows: readonly Row[], compare: typeof ratio) {
  const to = (framework: string, name: string) =>
    compare(requireRow(rows, `${framework}/deskauth`), requireRow(rows, name));
  const best = (names: readonly string[]) => bestOf(names.map((name) => requireRow(rows, name))).name;
  return {
    warmToMap: to('fastify', 'fastify/map'),
    warmToMapExpress: to('express', 'express/map'),
    warmToBestPeer: to('fastify', best(FASTIFY_PEERS)),
    warmToBestPeerExpress: to('express', best(EXPRESS_PEERS)),
    warmToNoCheck: to('fastify', 'fastify/none'),
    warmToNoCheckExpress: to('express', 'express/none'),
    warmToTunedMap: to('fastify', 'fastify/map-tuned'),
    warmToTunedMapExpress: to('express', 'express/map-tuned'),
    firstOnlyToMap: compare(requireRow(rows, 'fastify/first-only'), requireRow(rows, 'fastify/map')),
    noCheckToMap: compare(requireRow(rows, 'fastify/none'), requireRow(rows, 'fastify/map')),
    noCheckToMapExpress: compare(requireRow(rows, 'express/none'), requireRow(rows, 'express/map')),
    sha256MapToMap: compare(requireRow(rows, 'fastify/map-sha256'), requireRow(rows, 'fastify/map')),
  };
}
