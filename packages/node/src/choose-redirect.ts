import { AuthError, type RedirectListener } from '@deskauth/session';
import { detectEnvironment, type Environment } from './environment.ts';

/** How an answer can come back. `device`: the person types a code on another device (RFC 8628). */
export type RedirectKind = 'loopback' | 'scheme' | 'device';

/** What a choice depends on. */
export interface RedirectCircumstances {
  /**
   * `loopback` and `scheme` are tried first when they are named; `auto` has the order loopback, scheme, because a port
   * cannot be taken away by another app (RFC 8252 §8.1).
   * @default 'auto'
   */
  readonly preference?: 'loopback' | 'scheme' | 'auto';
  /** What the authorization server takes. @default loopback and scheme; device only when it is named */
  readonly provider?: readonly RedirectKind[];
  /** True for an installed app; on macOS only such an app can own a scheme. */
  readonly packaged: boolean;
  /** Links of the scheme lead to this app. @default false */
  readonly schemeRegistered?: boolean;
  /** @default this machine */
  readonly environment?: Environment;
  /** @default this machine's */
  readonly platform?: NodeJS.Platform;
}

/** What to try, in order, and why. */
export interface RedirectChoice {
  /** Never empty: when nothing is possible, loopback is there with its address to copy. */
  readonly order: readonly [RedirectKind, ...RedirectKind[]];
  /** One sentence for the person or the log. */
  readonly because: string;
}

/**
 * Chooses how the answer comes back. The device grant is never chosen where a browser can be opened: its codes are easy
 * to phish (RFC 8628 §5.4).
 */
export function chooseRedirect(circumstances: RedirectCircumstances): RedirectChoice {
  const {
    preference = 'auto',
    provider = ['loopback', 'scheme'],
    environment = detectEnvironment(),
  } = circumstances;
  const takes = (kind: RedirectKind) => provider.includes(kind);
  if (environment.browser === 'none') {
    const { because = 'no browser can be opened' } = environment;
    if (takes('device')) return { order: ['device'], because: `${because}: sign in on another device` };
    return { order: ['loopback'], because: `${because}: copy the address into a browser of this machine` };
  }
  const obstacle = obstacleOf(circumstances, environment);
  const both: readonly RedirectKind[] =
    preference === 'scheme' ? ['scheme', 'loopback'] : ['loopback', 'scheme'];
  const [first = 'loopback', ...rest] = both.filter(
    (kind) => takes(kind) && !(kind === 'scheme' && obstacle),
  );
  return { order: [first, ...rest], because: reasonFor(first, preference, takes('loopback'), obstacle) };
}

function reasonFor(
  first: RedirectKind,
  preference: string,
  takesLoopback: boolean,
  obstacle: string | undefined,
): string {
  if (first === preference) return 'the settings say so';
  if (first === 'scheme') return 'the sign-in server takes no loopback redirect';
  if (preference === 'scheme')
    return `loopback in place of the scheme: ${obstacle ?? 'the server does not take it'}`;
  return takesLoopback
    ? 'loopback works without an installation'
    : `nothing else is possible: ${obstacle ?? ''}`;
}

/** Why no link of a scheme would reach the app. */
function obstacleOf(
  { packaged, schemeRegistered = false, platform = process.platform }: RedirectCircumstances,
  { browser }: Environment,
): string | undefined {
  if (platform === 'darwin' && !packaged) return 'on macOS only an installed app can own a scheme';
  if (browser === 'windows') return 'a link of Windows does not reach an app in WSL';
  return schemeRegistered ? undefined : 'the scheme is not registered for this app';
}

/**
 * One redirect out of several: the first that can be opened. `AUTH_REDIRECT_UNAVAILABLE` leads to the next, everything
 * else is thrown.
 * @param onFallback hears why one was passed over
 */
export function firstRedirect(
  listeners: readonly [RedirectListener, ...RedirectListener[]],
  onFallback: (error: AuthError) => void = () => {},
): RedirectListener {
  const [first, second, ...rest] = listeners;
  return {
    async open(signal) {
      try {
        return await first.open(signal);
      } catch (error) {
        if (!second || !(error instanceof AuthError && error.code === 'AUTH_REDIRECT_UNAVAILABLE'))
          throw error;
        onFallback(error);
        return firstRedirect([second, ...rest], onFallback).open(signal);
      }
    },
    unasked(receive) {
      const stops = listeners.map((listener) => listener.unasked?.(receive));
      return () => {
        for (const stop of stops) stop?.();
      };
    },
  };
}
