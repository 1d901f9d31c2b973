import { useEffect, useState } from 'preact/hooks';
import { type Failure, load } from './api.ts';

/** One round of asking for what the person sees. */
export interface Round {
  readonly number: number;
  /** Asks the API to fail, so that a developer can see what becomes of an error. */
  readonly rehearse: boolean;
}

/** Data on its way, there, or not to be had. What was there stays while it is asked for again, and when that fails. */
export interface Resource<Data> {
  readonly data?: Data | undefined;
  readonly failure?: Failure | undefined;
  readonly isLoading: boolean;
}

/** Loads a path of the API, and again in every new round. */
export function useResource<Data>(path: string, round: Round): Resource<Data> {
  const [kept, setKept] = useState<Resource<Data> & { readonly path: string; readonly round: Round }>();
  useEffect(() => {
    const controller = new AbortController();
    const headers = round.rehearse ? { 'x-deskauth-rehearse': 'fail' } : {};
    load<Data>(path, headers, controller.signal).then(({ data, failure }) => {
      if (controller.signal.aborted) return;
      setKept((before) => {
        const old = before?.path === path ? before.data : undefined;
        return { path, round, data: data ?? old, failure, isLoading: false };
      });
    });
    return () => controller.abort();
  }, [path, round]);
  if (kept?.path !== path) return { isLoading: true };
  return { ...kept, isLoading: kept.round !== round };
}
