import { type BackOff, createBackOff } from './back-off.ts';
import { type BackgroundRenewal, createBackgroundRenewal } from './background-renewal.ts';
import { createDiscovery } from './discovery.ts';
import { createDpop } from './dpop.ts';
import { createKeptRequests, type KeptRequests } from './kept-requests.ts';
import { type SessionPorts, systemClock } from './ports.ts';
import { createRecordKeeper } from './record-keeper.ts';
import type { RefreshPorts } from './refresh.ts';
import { createRenewal, type Renewal } from './renewal.ts';
import { createRevocations, type Revocations } from './revocation.ts';
import { createRevocationQueue } from './revocation-queue.ts';
import { createServerClock, type ServerClock } from './server-clock.ts';
import { createServerFetch } from './server-fetch.ts';
import type { CheckedSettings } from './settings.ts';
import { createSignIns, type SignIns } from './sign-ins.ts';
import { createStateHolder, type StateHolder } from './state-holder.ts';
import { createTokenAges } from './token-age.ts';
import { createWarnings, SECRET_IN_APP, type Warnings } from './warnings.ts';

/** What a session is made of: each part knows only those that it is given here. */
export interface SessionParts extends RefreshPorts, Pick<SessionPorts, PortsOfSignIn> {
  readonly serverClock: ServerClock;
  readonly baseFetch: typeof fetch;
  readonly requests: KeptRequests;
  readonly holder: StateHolder;
  readonly warnings: Warnings;
  readonly revocations: Revocations;
  readonly backOff: BackOff;
  readonly tokens: Renewal;
  readonly background: BackgroundRenewal;
  readonly signIns: SignIns;
}

type PortsOfSignIn = 'browser' | 'redirect' | 'signOutRedirect' | 'confirmAccountChange' | 'expectsSilently';

/** Creates the parts of one session and joins them. */
export function createParts(settings: CheckedSettings, ports: SessionPorts): SessionParts {
  const { store, lock, clock = systemClock, random = Math.random, hooks = {} } = ports;
  const { browser, fetch: baseFetch = globalThis.fetch } = ports;

  const warnings = createWarnings(ports.onWarning);
  const holder = createStateHolder((error) =>
    warnings.set(
      'listener-failed',
      `A listener of session.onChange failed: ${error instanceof Error ? error.message : 'no reason given'}. The session goes on without it.`,
    ),
  );
  warnings.set('client-secret', settings.clientSecret === undefined ? undefined : SECRET_IN_APP);
  for (const { code, message } of ports.hostWarnings ?? []) warnings.set(code, message);
  const { timeAddress } = ports;
  const askTime = timeAddress === undefined ? undefined : () => requestTime(baseFetch, timeAddress);
  const serverClock = createServerClock(clock, warnings, askTime);
  const serverFetch = createServerFetch(baseFetch, serverClock.observe);
  const discover = createDiscovery(settings, { serverFetch, clock, serverClock, warnings });

  const keeper = createRecordKeeper(store, clock);
  const revocations = createRevocations({
    ...{ discover, clock, random },
    queue: createRevocationQueue({ settings, clock, revocationStore: ports.revocationStore }),
    onOutcome: (tokens) => holder.dispatch({ type: 'tokens-told', tokens }),
  });
  /** Some servers end every session of the person with one token: never while there is one. */
  const giveBack = (refreshToken: string | undefined) => {
    if (refreshToken !== undefined && !keeper.current) void revocations.revoke(refreshToken);
  };

  const ages = createTokenAges(clock, settings.refreshMarginSeconds);
  const backOff = createBackOff(clock, random);
  const dpop = createDpop({ settings, clock, serverClock });
  const refreshPorts = { settings, discover, keeper, lock, clock, serverClock, hooks, dpop, ages, giveBack };
  const tokens = createRenewal({ ...refreshPorts, backOff }, holder);
  const background = createBackgroundRenewal({
    ...{ clock, random, ages, backOff, renew: tokens.renewNow },
    token: () => (holder.settled.status === 'signed-in' ? keeper.current?.tokens : undefined),
  });
  if (settings.backgroundRenewal) holder.onChange(background.plan);

  const signIns = createSignIns(
    settings.signInTimeLimitSeconds,
    { browser, clock, skew: serverClock.skew },
    holder.dispatch,
  );
  return {
    ...{ ...ports, ...refreshPorts, baseFetch, holder, warnings, revocations },
    ...{ backOff, tokens, background, signIns },
    requests: createKeptRequests(ports.requests, settings, clock),
  };
}

/** How long the time may take: a click waits for it, and a slow answer would tell a wrong one. */
const TIME_LIMIT_SECONDS = 1;

/**
 * Asks for the time at an address that no cache has seen. A service worker that has an answer for every query gives the
 * one that it kept, with the address from then.
 * @throws TypeError for such an answer
 */
async function requestTime(ask: typeof fetch, address: string): Promise<Response> {
  const asked = new URL(address);
  asked.searchParams.set('time', crypto.randomUUID());
  const answer = await ask(asked.href, {
    ...{ method: 'HEAD', cache: 'no-store' },
    signal: AbortSignal.timeout(TIME_LIMIT_SECONDS * 1000),
  });
  const isKept = answer.url !== '' && answer.url !== asked.href && !answer.redirected;
  if (isKept) throw new TypeError('The answer is from another time.');
  return answer;
}
