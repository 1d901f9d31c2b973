import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import {
  createSession,
  memoryLock,
  memoryStore,
  type Session,
  type SessionRecord,
  type SessionSettings,
} from '@deskauth/session';
import { buildRecord, createFakeBrowser, createFakeRedirect } from '@deskauth/session/testing';

const record = buildRecord();

/** The secrets of the signed-in session: none of them may turn up anywhere in a window. */
export const SECRETS = [
  record.tokens.accessToken,
  record.tokens.refreshToken as string,
  'access-2',
  'refresh-2',
];

/** The same, with tokens that are bound to a key. */
export async function buildBoundRecord(): Promise<SessionRecord> {
  const { privateKey } = await crypto.subtle.generateKey({ name: 'Ed25519' }, true, ['sign', 'verify']);
  const dpopKey = { alg: 'Ed25519', privateKey: await crypto.subtle.exportKey('jwk', privateKey) };
  return { ...record, version: 2, tokens: { ...record.tokens, tokenType: 'DPoP', dpopKey } };
}

/** A session of the real engine, signed in, whose authorization server knows discovery and one refresh. */
export async function createSignedInSession(
  settings: Partial<SessionSettings> = {},
  saved: SessionRecord = record,
) {
  const store = memoryStore();
  await store.save(saved);
  const browser = createFakeBrowser();
  const fetch = (input: string | URL | Request, init?: RequestInit) => {
    const { href } = new URL(input instanceof Request ? input.url : input);
    return href.startsWith(record.issuer)
      ? Promise.resolve(answerAsAuthority(href))
      : globalThis.fetch(input, init);
  };
  const session = createSession(
    { issuer: record.issuer, clientId: record.clientId, ...settings },
    {
      browser,
      redirect: createFakeRedirect(),
      store,
      lock: memoryLock(),
      fetch: fetch as typeof globalThis.fetch,
    },
  );
  await session.restore();
  return { session: Object.assign(session, { storage: async () => undefined }), browser };
}

/** Discovery, and one refresh. */
export function answerAsAuthority(href: string): Response {
  const { issuer } = record;
  if (href.endsWith('/token')) {
    const tokens = {
      access_token: 'access-2',
      refresh_token: 'refresh-2',
      token_type: 'Bearer',
      expires_in: 600,
    };
    return Response.json(tokens);
  }
  return Response.json({
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/jwks`,
    end_session_endpoint: `${issuer}/end`,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
  });
}

/** A real API on a port of its own, gone when the test ends. */
export async function startApi(test: TestContext, listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  test.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** The whole body of a request as text. */
export async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

/** Resolves as soon as the session waits for the browser. */
export function untilWaiting(session: Session): Promise<void> {
  return new Promise((resolve) => {
    session.onChange((state) => {
      if (state.status === 'signing-in' && state.step === 'waiting') resolve();
    });
  });
}
