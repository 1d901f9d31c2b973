import { Counter, Gauge, type Registry } from 'prom-client';
import type { VerifierCounts } from './counts.ts';
import type { AccessTokenVerifier } from './verifier.ts';

type Total = Exclude<keyof VerifierCounts, 'refusals'>;

const TOTALS: Readonly<Record<Total, readonly [name: string, help: string]>> = {
  checks: ['deskauth_token_checks_total', 'Access tokens checked in full'],
  hits: ['deskauth_claims_hits_total', 'Requests answered from remembered claims'],
  secondLevelHits: ['deskauth_second_level_hits_total', 'Questions spared by the second level'],
  keyFetches: ['deskauth_key_fetches_total', 'Fetches of the signing keys'],
  introspections: ['deskauth_introspections_total', 'Calls of the introspection endpoint'],
  userInfoLookups: ['deskauth_userinfo_lookups_total', 'Calls of the userinfo endpoint'],
};

/**
 * Adds the counts of verifiers to a registry of prom-client, each under the label `api`. They are read when the
 * registry is scraped; between scrapes nothing is done.
 * @param verifiers by the name of the API that they guard
 * @throws Error from prom-client where a registry has these metrics already
 */
export function registerVerifierMetrics(
  registry: Registry,
  verifiers: Readonly<Record<string, AccessTokenVerifier>>,
): void {
  const registers = [registry];
  const all = Object.entries(verifiers);
  for (const [total, [name, help]] of Object.entries(TOTALS) as [Total, readonly [string, string]][])
    new Counter({
      ...{ name, help, registers, labelNames: ['api'] },
      collect() {
        this.reset();
        for (const [api, { counts }] of all) this.inc({ api }, counts[total]);
      },
    });
  new Counter({
    ...{
      name: 'deskauth_refusals_total',
      help: 'Error answers by code',
      registers,
      labelNames: ['api', 'code'],
    },
    collect() {
      this.reset();
      for (const [api, { counts }] of all)
        for (const [code, count] of Object.entries(counts.refusals)) this.inc({ api, code }, count);
    },
  });
  registerHealth(registers, all);
}

/** What an alarm is set on: keys that grow old, a clock that runs away (a token may seem expired, or not valid yet). */
function registerHealth(registers: Registry[], all: [string, AccessTokenVerifier][]): void {
  const gauge = (name: string, help: string, read: (verifier: AccessTokenVerifier) => number | undefined) =>
    new Gauge({
      ...{ name, help, registers, labelNames: ['api'] },
      collect() {
        this.reset();
        for (const [api, verifier] of all) this.set({ api }, read(verifier) ?? Number.NaN);
      },
    });
  gauge('deskauth_remembered_tokens', 'Tokens whose claims are remembered', (v) => v.health.rememberedTokens);
  gauge(
    'deskauth_keys_loaded_timestamp_seconds',
    'When the signing keys were fetched',
    (v) => v.health.keysLoadedAt,
  );
  gauge(
    'deskauth_clock_skew_seconds',
    "How far this clock is ahead of the authorization server's",
    (v) => v.health.clockSkewSeconds,
  );
}
