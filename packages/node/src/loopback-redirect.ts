import {
  AuthError,
  NUMBER,
  OBJECT,
  oneOf,
  parseAddress,
  type RedirectListener,
  requireSettings,
  type SettingKinds,
  TEXT,
} from '@deskauth/session';
import { BLOCKED_PORTS } from './blocked-ports.ts';
import { endLingering } from './loopback-linger.ts';
import { receiveAnswers } from './loopback-receiver.ts';
import { openLoopbackServer } from './loopback-server.ts';
import { createAnswerPages } from './pages/answer-page.ts';
import type { PageSettings } from './pages/page-settings.ts';

/** A page that is loaded again, a second tab, a program that looks at every address: all come within this time. */
const LINGER_SECONDS = 30;
/** With one port alone another process of the app finds it taken for that time. */
const LINGER_ON_ONE_PORT_SECONDS = 2;

/** A host that is this machine and no other. */
export type LoopbackHost = '127.0.0.1' | '::1' | 'localhost';

/** How the loopback redirect listens. */
export interface LoopbackRedirectOptions {
  /** Ports to try in order, for authorization servers that compare the port too. @default any free port */
  readonly ports?: readonly number[] | undefined;
  /** Path of the redirect URI. @default '/callback' */
  readonly path?: string | undefined;
  /** What the browser's last page calls the app. @default 'the app', in the browser's language */
  readonly appName?: string | undefined;
  /** What the browser shows at the end. @default built-in pages without a brand */
  readonly pages?: PageSettings | undefined;
  /**
   * The host of the redirect URI. `localhost` only for authorization servers that take nothing else: browsers look that
   * name up, so it listens at 127.0.0.1 and ::1 at once, or not at all (RFC 8252 §8.3).
   * @default '127.0.0.1', and '::1' on a machine without IPv4
   */
  readonly host?: LoopbackHost | undefined;
  /**
   * `form_post`: the authorization server has the browser post its answer as a form, so that the code is in no address.
   * @default in the query of the address
   */
  readonly responseMode?: 'form_post' | undefined;
  /**
   * How long it stays after a sign-in, in seconds, so that a second browser tab gets a page and no error. It keeps no
   * process alive, and gives its port to the next sign-in of this process at once.
   * @default 30, and 2 where `ports` is one port
   */
  readonly lingerSeconds?: number | undefined;
}

/** Any other is one at which answers can be sent from another machine. */
export const LOOPBACK_HOST = oneOf('127.0.0.1', '::1', 'localhost');
/** Ports to listen on. */
export const PORTS = { isRight: Array.isArray, expected: 'a list of ports', isSecret: false };

const OPTIONS: SettingKinds<keyof LoopbackRedirectOptions> = {
  ports: PORTS,
  path: TEXT,
  appName: TEXT,
  pages: OBJECT,
  host: LOOPBACK_HOST,
  responseMode: oneOf('form_post'),
  lingerSeconds: NUMBER,
};

/**
 * A loopback redirect (RFC 8252 §7.3): an HTTP listener on this machine only, open for one sign-in and a short while after it.
 * @throws AuthError `AUTH_SETTINGS_INVALID`; `AUTH_REDIRECT_UNAVAILABLE` from `open()`, naming the ports that were taken
 */
export function loopbackRedirect(options: LoopbackRedirectOptions = {}): RedirectListener {
  const { ports = [0], path = '/callback', host, responseMode } = options;
  requireSettings(options, OPTIONS);
  requirePorts(ports);
  requirePath(path);
  const isOnePort = ports.length === 1 && ports[0] !== 0;
  const { lingerSeconds = isOnePort ? LINGER_ON_ONE_PORT_SECONDS : LINGER_SECONDS } = options;
  const send = createAnswerPages(options.pages ?? {}, options.appName);
  return {
    async open(signal) {
      await endLingering(ports);
      const isNamed = host === 'localhost';
      const hosts = host === undefined || isNamed ? ['127.0.0.1', '::1'] : [host];
      const server = await openLoopbackServer({ hosts, ports, atAllHosts: isNamed });
      const redirect = receiveAnswers(server, { path, responseMode, lingerSeconds, send, isNamed });
      const closeAtOnce = () =>
        void redirect.close(signal?.reason instanceof AuthError ? signal.reason : undefined);
      if (signal?.aborted) closeAtOnce();
      signal?.addEventListener('abort', closeAtOnce, { once: true });
      return redirect;
    },
  };
}

function requirePorts(ports: readonly number[]): void {
  const isPort = (port: number) => Number.isInteger(port) && port >= 0 && port <= 65_535;
  if (ports.length === 0 || !ports.every(isPort))
    throw new AuthError(
      'AUTH_SETTINGS_INVALID',
      `The redirect ports must be one or more whole numbers from 0 (any) to 65535, found ${JSON.stringify(ports)}.`,
    );
  const blocked = ports.filter((port) => BLOCKED_PORTS.has(port));
  if (blocked.length > 0)
    throw new AuthError(
      'AUTH_SETTINGS_INVALID',
      `No browser opens port ${blocked.join(' or ')}, because it belongs to another protocol. Register and name another redirect port.`,
    );
}

/** A browser would rewrite dots, spaces and the like, and its request would never match. */
function requirePath(path: string): void {
  if (parseAddress(`http://127.0.0.1${path}`)?.pathname === path) return;
  throw new AuthError(
    'AUTH_SETTINGS_INVALID',
    `The redirect path must start with "/" and be as a browser sends it, found ${JSON.stringify(path)}.`,
  );
}
