import type { CheckedSettings } from './checked-settings.ts';
import { type CheckedTokens, createCheckedTokens } from './checked-tokens.ts';
import { createClaimsJoin } from './claims-sources.ts';
import { createCounts } from './counts.ts';
import { createEvictions } from './evictions.ts';
import { createIntrospectionCheck } from './introspection.ts';
import { createJwtCheck } from './jwt-check.ts';
import { createKeySource } from './keys.ts';
import { createMetadataSource } from './metadata.ts';
import { createOutageGuard } from './outage.ts';
import { createSealer } from './sealed-values.ts';
import { createSharedAnswers, type SecondLevel } from './shared-answers.ts';
import type { SharedParts } from './shared-parts.ts';

/** The parts of one verifier, joined. */
export interface VerifierParts extends SharedParts {
  readonly tokens: CheckedTokens;
  /** How far our clock is ahead of the authorization server's, in seconds. */
  clockSkewSeconds(): number | undefined;
}

/** Creates what one verifier consists of, from the settings up. */
export function createParts(settings: CheckedSettings): VerifierParts {
  let clockSkewSeconds: number | undefined;
  const onAnswer = (serverAt: number | undefined) => {
    if (serverAt !== undefined) clockSkewSeconds = Math.round(settings.clock() - serverAt);
  };
  const counts = createCounts();
  const metadata = createMetadataSource(settings, onAnswer);
  const keys = createKeySource(metadata, settings, onAnswer, counts);
  const secondLevel = openSecondLevel(settings);
  const evictions = createEvictions(settings, secondLevel, () => Math.max(0, -(clockSkewSeconds ?? 0)));
  const answers =
    secondLevel && createSharedAnswers(secondLevel, settings.clock, settings.clockToleranceSeconds, counts);
  const parts = { settings, metadata, keys, evictions, counts, answers };
  return { ...parts, tokens: createTokens(parts), clockSkewSeconds: () => clockSkewSeconds };
}

function createTokens(parts: SharedParts): CheckedTokens {
  const { introspection } = parts.settings;
  const join = createClaimsJoin(parts);
  return introspection
    ? createCheckedTokens(createIntrospectionCheck(introspection, parts), join, parts)
    : createCheckedTokens(createJwtCheck(parts), join, parts);
}

/** What is of another issuer, another API or another version of its claims is named and encrypted differently. */
function openSecondLevel({ secondLevel, clock, ...api }: CheckedSettings): SecondLevel | undefined {
  if (!secondLevel) return undefined;
  const { store, secret, version } = secondLevel;
  const scope = JSON.stringify([api.issuer, api.audience, api.userIdClaim, api.userInfo, version]);
  return {
    store,
    sealer: createSealer(secret, scope),
    logSealer: createSealer(secret, JSON.stringify(['log', api.issuer, api.userIdClaim])),
    guard: createOutageGuard({ ...secondLevel, clock }),
  };
}
