import type { SessionRecord, TokenStore } from '@deskauth/session';
import type { SignOuts } from './sign-outs.ts';

/** A record that says which sign-out it came after: a tab, or its storage, may outlive one that it did not hear of. */
type DatedRecord = SessionRecord & { readonly afterSignOut?: number };

/** Notes in each new session's record the last sign-out before it; a renewed one keeps its note. */
export function datedStore(store: TokenStore, signOuts: SignOuts): TokenStore {
  return {
    ...store,
    save(record) {
      const dated: DatedRecord = { afterSignOut: signOuts.last(), ...record };
      return store.save(dated);
    },
  };
}

/** True when this sign-out came after the session had begun. */
export function isEndedBy(signOut: number, { afterSignOut = 0 }: DatedRecord): boolean {
  return afterSignOut < signOut;
}
