import * as client from 'openid-client';
import { createBackOff } from './back-off.ts';
import type { AuthorizationServer } from './discovery.ts';
import { AuthError } from './errors.ts';
import type { Clock } from './ports.ts';
import { toAuthError } from './protocol-errors.ts';
import type { RevocationQueue } from './revocation-queue.ts';
import type { ServerSignOut } from './state.ts';
import { watchEndpoint } from './watch-endpoint.ts';

/** Tells the server about tokens that are no longer wanted (RFC 7009). */
export interface Revocations {
  /**
   * Revokes this token; while the server is out of reach, again later. Never throws: whoever signs out is signed out,
   * whatever the server answers.
   * @param token the refresh token where there is one: a server ends its access tokens with it (§2.1)
   */
  revoke(token: string): Promise<ServerSignOut['tokens']>;
  /** Goes on with what an earlier run could not revoke; undefined when there is nothing. */
  goOn(): Promise<ServerSignOut['tokens'] | undefined>;
  /** Gives up what is waiting: some servers end every session of the person with one of his tokens. */
  drop(): Promise<void>;
  /** Nothing more is tried in this process; what is kept for a later start stays. */
  stop(): void;
}

/** What revocation stands on. */
export interface RevocationPorts {
  readonly discover: () => Promise<AuthorizationServer>;
  readonly clock: Clock;
  readonly random: () => number;
  readonly queue: RevocationQueue;
  /** Hears what became of a token that was `pending`. */
  readonly onOutcome: (tokens: ServerSignOut['tokens']) => void;
}

/** Spread over about ten minutes; after that a later start or the token's own end must do. */
const MOST_ATTEMPTS = 12;

/** Creates {@link Revocations}. */
export function createRevocations(ports: RevocationPorts): Revocations {
  const { clock, random, queue, onOutcome } = ports;
  const waiting = new Map<string, () => void>(); // By token: what cancels its next attempt.
  let wanted = new AbortController();
  let goingOn: ReturnType<Revocations['goOn']> | undefined;

  async function revoke(token: string): Promise<ServerSignOut['tokens']> {
    const { signal } = wanted;
    const backOff = createBackOff(clock, random);
    let attempts = 0;
    const tryOnce = async (): Promise<ServerSignOut['tokens']> => {
      const outcome = await attempt(token, ports);
      attempts += 1;
      if (signal.aborted) return 'kept';
      if (!(outcome instanceof AuthError)) {
        await queue.clear(token);
        return outcome;
      }
      if (attempts === 1) await queue.save(token);
      if (attempts === MOST_ATTEMPTS) return (await queue.load()) === token ? 'pending' : 'kept';
      backOff.failed(outcome);
      const next = async () => {
        waiting.delete(token);
        const tokens = await tryOnce();
        if (tokens !== 'pending' && !signal.aborted) onOutcome(tokens);
      };
      waiting.set(
        token,
        clock.after(backOff.secondsLeft(), () => void next()),
      );
      return 'pending';
    };
    return tryOnce();
  }

  async function goOn(): ReturnType<Revocations['goOn']> {
    const token = await queue.load();
    if (token === undefined) return undefined;
    return waiting.has(token) ? 'pending' : revoke(token);
  }

  function stop(): void {
    for (const cancel of waiting.values()) cancel();
    waiting.clear();
  }

  return {
    revoke,
    goOn() {
      goingOn ??= goOn().finally(() => {
        goingOn = undefined;
      });
      return goingOn;
    },
    async drop() {
      wanted.abort();
      wanted = new AbortController();
      stop();
      await queue.clear();
    },
    stop,
  };
}

async function attempt(
  token: string,
  { discover }: Pick<RevocationPorts, 'discover'>,
): Promise<ServerSignOut['tokens'] | AuthError> {
  try {
    const server = await discover();
    const { revocation_endpoint: endpoint } = server.serverMetadata();
    if (endpoint === undefined) return 'kept';
    const lastAnswer = watchEndpoint(server, endpoint);
    await client.tokenRevocation(server, token);
    if (await isPage(lastAnswer()))
      throw new AuthError(
        'AUTH_SERVER_RESPONSE_INVALID',
        'A page came in the place of the answer to a revocation.',
      );
    return 'revoked';
  } catch (error) {
    const fault = error instanceof AuthError ? error : toAuthError(error, 'revocation', [token]);
    // A token or a kind of token that the server does not know is as good as revoked (§2.2).
    if (fault.server.error === 'unsupported_token_type' || fault.server.error === 'invalid_token')
      return 'revoked';
    return isWorthRepeating(fault) ? fault : 'kept';
  }
}

/** What the server says to a revocation does not matter (§2.2), but a network that wants a sign-in of its own says 200 too. */
async function isPage(answer: Response | undefined): Promise<boolean> {
  const type = answer?.headers.get('content-type') ?? '';
  return /^text\/html\b/i.test(type) && (await answer?.text())?.trim() !== '';
}

function isWorthRepeating({ code }: AuthError): boolean {
  return (
    code === 'AUTH_NETWORK' || code === 'AUTH_SERVER_UNAVAILABLE' || code === 'AUTH_SERVER_RESPONSE_INVALID'
  );
}
