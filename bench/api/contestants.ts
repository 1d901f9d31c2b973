import { bareServers } from './bare-servers.ts';
import { expressServers } from './express-servers.ts';
import { fastifyServers } from './fastify-servers.ts';
import type { Contestant } from './place.ts';

/** Every server that can be measured. */
export const contestants: readonly Contestant[] = [...fastifyServers, ...expressServers, ...bareServers];

/** The server of this name. @throws Error when there is none */
export function requireContestant(name: string): Contestant {
  const found = contestants.find((contestant) => contestant.name === name);
  if (found) return found;
  throw new Error(`There is no server named ${name}.`);
}
