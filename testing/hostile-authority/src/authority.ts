import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { challengeOf, honestKeys, honestMetadata, honestTokens, honestUser, nonceOf } from './honest.ts';
import { readForm, send, startLoopbackServer } from './http.ts';
import type { KeyRing } from './key-ring.ts';
import { json } from './replies.ts';
import type { Bend, Says, Scene, Visit } from './scene.ts';

/** The name of an issuer on the Internet; see {@link HostileAuthority.fetch}. */
export const PUBLIC_ISSUER = 'https://login.example.com';

/** What the server can be asked for. */
export type Part = 'discovery' | 'authorize' | 'token' | 'keys' | 'user info' | 'par' | 'revoke' | 'other';

const PARTS: Readonly<Record<string, Part>> = {
  '/.well-known/openid-configuration': 'discovery',
  '/token': 'token',
  '/keys': 'keys',
  '/userinfo': 'user info',
  '/par': 'par',
  '/revoke': 'revoke',
};

/** What a client asked for and sent. */
export interface Asked {
  /** In order. */
  readonly parts: Part[];
  readonly tokenForms: URLSearchParams[];
  readonly tokenHeaders: IncomingMessage['headers'][];
  readonly pushedForms: URLSearchParams[];
  /** Addresses that were asked of anybody else: there must be none. */
  readonly strangers: string[];
}

/** A running authorization server that lies. */
export interface HostileAuthority {
  readonly issuer: string;
  /** Where it listens, by whatever name it goes. */
  readonly origin: string;
  readonly asked: Asked;
  /**
   * A fetch that finds this server under the public name and its siblings too, as a resolver would, and counts
   * everybody else as a stranger. It has no part in anything but names.
   */
  readonly fetch: typeof fetch;
  stop(): Promise<void>;
}

/** How the server is started. */
export interface HostileSettings {
  readonly bend: Bend;
  readonly keys: KeyRing;
  /** True: the issuer is {@link PUBLIC_ISSUER}. @default false: the loopback address itself */
  readonly isPublic?: boolean | undefined;
}

/** Starts an authorization server that is honest but for its bend. */
export async function startHostileAuthority(settings: HostileSettings): Promise<HostileAuthority> {
  const { bend, keys, isPublic = false } = settings;
  const asked: Asked = { parts: [], tokenForms: [], tokenHeaders: [], pushedForms: [], strangers: [] };
  const requestOf = new Map<string, URLSearchParams>();
  const nonces: string[] = [];
  let current = new URLSearchParams();

  const server = await startLoopbackServer(answer);
  const stranger = await startLoopbackServer(async (request, response) => {
    asked.strangers.push(`${request.headers['x-asked-as'] ?? request.headers.host}${request.url}`);
    response.writeHead(204).end();
  });
  const issuer = isPublic ? PUBLIC_ISSUER : server.origin;

  function scene(): Scene {
    return {
      ...{ issuer, stranger: stranger.origin, keys, request: current, nonces, signIn: nonces.length },
      now: Math.floor(Date.now() / 1000) + (bend.aheadSeconds ?? 0),
      issueForeignCode: () => issueCode(new URLSearchParams({ code_challenge: 'another', nonce: 'another' })),
    };
  }

  function issueCode(request: URLSearchParams): string {
    const code = `code-${randomUUID()}`;
    requestOf.set(code, request);
    return code;
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    const part = pathname.startsWith('/authorize') ? 'authorize' : (PARTS[pathname] ?? 'other');
    asked.parts.push(part);
    if (part === 'authorize') return authorize(searchParams, response);
    const form = await readForm(request);
    if (part === 'token') asked.tokenHeaders.push(request.headers);
    send(response, await say(part, form), new Date(scene().now * 1000));
  }

  async function say(part: Part, form: URLSearchParams): Promise<Says> {
    if (part === 'discovery') return bent(bend.metadata, honestMetadata(issuer));
    if (part === 'keys') return bent(bend.keys, honestKeys(keys));
    if (part === 'user info') return bent(bend.userInfo, honestUser());
    if (part === 'token') return token(form, asked.tokenHeaders.at(-1)?.dpop);
    if (part !== 'par') return part === 'revoke' ? json({}) : json({ error: 'not_found' }, 404);
    asked.pushedForms.push(form);
    return json({ request_uri: `urn:pushed:${asked.pushedForms.length}`, expires_in: 60 }, 201);
  }

  function bent<Honest>(
    lie: ((honest: Honest, scene: Scene) => Says) | undefined,
    honest: Honest & Says,
  ): Says {
    return lie?.(honest, scene()) ?? honest;
  }

  async function token(form: URLSearchParams, proof: string | string[] | undefined): Promise<Says> {
    asked.tokenForms.push(form);
    const nonce = bend.nonce?.(nonceOf(proof));
    if (nonce !== undefined) return json({ error: 'use_dpop_nonce' }, 400, { 'dpop-nonce': nonce });
    const code = form.get('code') ?? '';
    const request = requestOf.get(code);
    requestOf.delete(code);
    const challenge = challengeOf(form.get('code_verifier') ?? '');
    const isProven = bend.ignoresVerifier || challenge === request?.get('code_challenge');
    if (!request || !isProven) return json({ error: 'invalid_grant' }, 400);
    const honest = await honestTokens(bend, scene(), request.get('nonce') ?? undefined);
    return bent(bend.token, proof === undefined ? honest : { ...honest, token_type: 'DPoP' });
  }

  function authorize(query: URLSearchParams, response: ServerResponse): void {
    const pushed = query.get('request_uri')?.split(':').at(-1);
    current = pushed ? (asked.pushedForms[Number(pushed) - 1] ?? query) : query;
    nonces.push(current.get('nonce') ?? '');
    const address = new URL(current.get('redirect_uri') ?? '');
    address.searchParams.set('code', issueCode(current));
    const state = current.get('state');
    if (state !== null) address.searchParams.set('state', state);
    address.searchParams.set('iss', issuer);
    const places = [bend.answer?.(address, scene()) ?? address.href].flat() as Visit[];
    const visits = current.get('response_mode') === 'form_post' ? places.map(asForm) : places;
    const [only] = visits;
    // Several at once, or a form: what a page would do by script, written down as data.
    if (visits.length === 1 && typeof only === 'string') response.writeHead(302, { location: only }).end();
    else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(visits));
  }

  return {
    issuer,
    origin: server.origin,
    asked,
    fetch: resolveNames({ authority: server.origin, stranger: stranger.origin }),
    async stop() {
      await Promise.all([server.stop(), stranger.stop()]);
    },
  };
}

/** Kept, because a caller may put the fetch below in its place. */
const machineFetch = globalThis.fetch;

/** The same answer as the form of OAuth 2.0 Form Post Response Mode. */
function asForm(place: Visit): Visit {
  if (typeof place !== 'string') return place;
  const [post = '', form = ''] = place.split(/[?#]/, 2);
  return { post, form };
}

/** Loopback addresses are themselves; example.com is the authority's; the rest of the world is strangers. */
function resolveNames(origins: { readonly authority: string; readonly stranger: string }): typeof fetch {
  return (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    if (url.protocol === 'http:' && /^(127\.0\.0\.1|localhost)$/.test(url.hostname))
      return machineFetch(input, init);
    const isOurs = url.hostname === 'example.com' || url.hostname.endsWith('.example.com');
    const target = `${isOurs ? origins.authority : origins.stranger}${url.pathname}${url.search}`;
    const headers = new Headers(init?.headers);
    if (!isOurs) headers.set('x-asked-as', url.origin);
    return machineFetch(target, { ...init, headers });
  };
}
