import type { Consent } from './consent.ts';
import type { PatientKeeper } from './patience.ts';
import type { PassedOverTier } from './report.ts';
import { faultOf, isStronger, type KeyKeeper, type KeyTier } from './tiers.ts';

/** The tiers of this store that keep a key, the strongest first. */
export type Tiers = ReadonlyMap<KeyTier, KeyKeeper | PatientKeeper>;

/** The strongest tier that did the work, and those that could not. */
export interface Choice<T> {
  /** Undefined where only memory is left. */
  readonly found?: { readonly tier: KeyTier; readonly value: T };
  readonly passedOver: readonly PassedOverTier[];
}

const NOT_PERMITTED = 'A key in a file beside the data was not agreed to.';

/** Lets the strongest tier do the work that can do it now. */
export async function chooseTier<T>(
  tiers: Tiers,
  consent: Consent,
  work: (keeper: KeyKeeper) => Promise<T>,
): Promise<Choice<T>> {
  const passedOver: PassedOverTier[] = [];
  for (const [tier, keeper] of tiers) {
    if (tier === 'key-file' && !(await consent.decision())) {
      passedOver.push({ tier, fault: 'not-permitted', reason: NOT_PERMITTED });
      continue;
    }
    try {
      return { found: { tier, value: await work(keeper) }, passedOver };
    } catch (error) {
      // A disk that is full is none the less full for the next tier.
      if (tier === 'key-file' || 'errno' in (error as Error)) throw error;
      passedOver.push({ tier, fault: faultOf(error), reason: (error as Error).message });
    }
  }
  return { passedOver };
}

/** The tiers that a session may move to from this one. */
export function noWeaker(tiers: Tiers, keptBy: KeyTier | undefined): Tiers {
  return new Map([...tiers].filter(([tier]) => keptBy === undefined || !isStronger(keptBy, tier)));
}

/** The work of a tier at a save. */
export async function loadOrCreate(keeper: KeyKeeper): Promise<Uint8Array> {
  return (await keeper.load()) ?? keeper.create();
}

/** The work of a tier for a report. */
export async function probe(keeper: KeyKeeper): Promise<void> {
  if (keeper.probe) return keeper.probe();
  (await keeper.load())?.fill(0);
}

/** A key without its record opens nothing: no fault of its keeper holds anybody up. */
export async function removeKey(keeper: KeyKeeper | undefined): Promise<void> {
  await keeper?.remove().catch(() => undefined);
}
