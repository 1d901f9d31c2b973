import type { SessionRecord } from '@deskauth/session';
import { buildRecord } from '@deskauth/session/testing';

/** A record of some 200 KB, all of whose parts name its generation. */
export function buildBigRecord(generation: number): SessionRecord {
  const record = buildRecord(generation);
  return { ...record, tokens: { ...record.tokens, idToken: `${generation}.`.repeat(100_000 / 2) } };
}
