import type { SpaSession } from '@deskauth/spa';
import { useEffect, useState } from 'preact/hooks';
import { type Loaded, load } from './api.ts';

/** One round of asking for what the person sees. */
export interface Round {
  readonly number: number;
  /** Asks the API to fail, so that a developer can see what becomes of an error. */
  readonly rehearse: boolean;
}

/** Loads a path of the API, and again in every new round. Data that was there stays when that fails. */
export function useResource<Data>(
  session: SpaSession,
  path: string,
  round: Round,
): Loaded<Data> & { readonly isLoading: boolean } {
  const [kept, setKept] = useState<Loaded<Data> & { readonly round: Round }>();
  const [firstRound] = useState(round);
  useEffect(() => {
    let isCurrent = true;
    // A page that is opened after a rehearsal does not repeat it.
    const rehearse = round.rehearse && round !== firstRound;
    load<Data>(session, path, rehearse).then((loaded) => {
      if (isCurrent) setKept((before) => ({ ...before, failure: undefined, ...loaded, round }));
    });
    return () => {
      isCurrent = false;
    };
  }, [session, path, round, firstRound]);
  return { ...kept, isLoading: kept?.round !== round };
}
