import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  AuthError,
  type OpenRedirect,
  parseAddress,
  type RedirectAnswer,
  type RedirectListener,
} from '@deskauth/session';
import { sendAnswerPage, sendRefusal } from './answer-page.ts';
import { createAnswerQueue } from './answer-queue.ts';
import { readFormPost } from './form-post.ts';
import { refusalOf } from './loopback-request.ts';
import { type LoopbackServer, openLoopbackServer } from './loopback-server.ts';

/** How the loopback redirect listens. */
export interface LoopbackRedirectOptions {
  /** Ports to try in order, for authorization servers that compare the port too. @default any free port */
  readonly ports?: readonly number[];
  /** Path of the redirect URI. @default '/callback' */
  readonly path?: string;
  /** What the browser's last page calls the app. @default 'the app' */
  readonly appName?: string;
  /** The address to listen on. @default '127.0.0.1', and '::1' on a machine without IPv4 */
  readonly host?: '127.0.0.1' | '::1';
  /**
   * `form_post`: the authorization server has the browser post its answer as a form, so that the code is in no address.
   * @default in the query of the address
   */
  readonly responseMode?: 'form_post';
}

/**
 * A loopback redirect (RFC 8252 §7.3): an HTTP listener on this machine only, open no longer than one sign-in.
 * @throws AuthError `AUTH_SETTINGS_INVALID`; `AUTH_REDIRECT_UNAVAILABLE` from `open()`, naming the ports that were taken
 */
export function loopbackRedirect(options: LoopbackRedirectOptions = {}): RedirectListener {
  const { ports = [0], path = '/callback', appName = 'the app', host } = options;
  requirePorts(ports);
  requirePath(path);
  return {
    async open() {
      const hosts = host ? [host] : ['127.0.0.1', '::1'];
      const server = await openLoopbackServer({ hosts, ports });
      return receive(server, path, appName, options.responseMode);
    },
  };
}

function receive(
  server: LoopbackServer,
  path: string,
  appName: string,
  responseMode: 'form_post' | undefined,
): OpenRedirect {
  const host = hostOf(server.address);
  const queue = createAnswerQueue();
  const unfinished = new Set<RedirectAnswer>();
  const arrive = (target: string, response: ServerResponse) => {
    const answer: RedirectAnswer = {
      url: `http://${host}${target}`,
      finish(outcome) {
        if (unfinished.delete(answer)) sendAnswerPage(response, outcome, appName);
      },
    };
    unfinished.add(answer);
    queue.push(answer);
  };
  server.onRequest((request, response) => {
    const refusal = refusalOf(request, { host, path, method: responseMode ? 'POST' : 'GET' });
    if (refusal) return sendRefusal(response, refusal);
    if (!responseMode) return arrive(request.url ?? '', response);
    readFormPost(request).then(
      (form) =>
        typeof form === 'string' ? arrive(`${path}?${form}`, response) : sendRefusal(response, form),
      () => response.destroy(),
    );
  });
  return {
    redirectUri: `http://${host}${path}`,
    ...(responseMode && { responseMode }),
    next: queue.next,
    close() {
      for (const answer of unfinished) answer.finish({ kind: 'unknown' });
      return server.close();
    },
  };
}

/** As a browser writes it: without the port that is http's own. */
function hostOf({ address, port, family }: AddressInfo): string {
  return new URL(`http://${family === 'IPv6' ? `[${address}]` : address}:${port}`).host;
}

function requirePorts(ports: readonly number[]): void {
  const isPort = (port: number) => Number.isInteger(port) && port >= 0 && port <= 65_535;
  if (ports.length > 0 && ports.every(isPort)) return;
  throw new AuthError(
    'AUTH_SETTINGS_INVALID',
    `The redirect ports must be one or more whole numbers from 0 (any) to 65535, found ${JSON.stringify(ports)}.`,
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
