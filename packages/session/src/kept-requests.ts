import { parseAddress } from './address.ts';
import type { AuthorizationRequest } from './authorization-request.ts';
import { isAnswerTo } from './authorization-response.ts';
import type { Clock, PendingRequests } from './ports.ts';
import type { CheckedSettings } from './settings.ts';

/** Authorization requests that may outlive this run of the app. */
export interface KeptRequests {
  /** Before the browser is opened: from then on the answer may come to another run. */
  save(request: AuthorizationRequest): Promise<void>;
  /** This run has the answer, or nobody waits for it any more. */
  drop(request: AuthorizationRequest): Promise<void>;
  /**
   * The request that this is an answer to, made by an earlier run and not too long ago. It is given once, and only to a
   * session of the same issuer and client: with another the code would go to the wrong server (RFC 9700 §4.4).
   */
  takeFor(answerUrl: string): Promise<AuthorizationRequest | undefined>;
  /** This run ends: what it still waits for is left to the next one. */
  close(): void;
}

/** Creates {@link KeptRequests}. @param requests left out: nothing is kept */
export function createKeptRequests(
  requests: PendingRequests | undefined,
  { issuer, clientId }: Pick<CheckedSettings, 'issuer' | 'clientId'>,
  clock: Pick<Clock, 'now'>,
): KeptRequests {
  let isClosed = false;
  const isFor = (answerUrl: string) => (request: AuthorizationRequest) =>
    request.issuer === issuer && request.clientId === clientId && isAnswerTo(request, answerUrl);
  return {
    save: async (request) => requests?.save(request),
    async drop({ state }) {
      // What cannot be removed is still good for one use and a few minutes only.
      if (!isClosed) await requests?.take(state).catch(() => undefined);
    },
    async takeFor(answerUrl) {
      const state = parseAddress(answerUrl)?.searchParams.get('state');
      const isOurs = isFor(answerUrl);
      const request = state ? await requests?.take(state, isOurs) : undefined;
      return request && isOurs(request) && clock.now() <= request.expiresAt ? request : undefined;
    },
    close() {
      isClosed = true;
    },
  };
}
