import type { Session, WebRequest } from 'electron';
import { createFetch } from './net-fetch.ts';
import { missingMember, partial } from './partial.ts';
import { createSchemeHandlers, type SchemeHandlers } from './protocol.ts';

const DEFAULT_PARTITION = '';
const sessions = new Map<string, Session>();
const schemes = new WeakMap<Session, SchemeHandlers>();

/** Electron's `session`: partitions have their own scheme handlers; the profile in Chromium is one for all. */
export const session = partial<typeof Electron.Session>('session', {
  fromPartition: (partition) => sessionOf(partition),
  get defaultSession() {
    return sessionOf(DEFAULT_PARTITION);
  },
});

/** The session of a partition; made when it is first asked for. */
export function sessionOf(partition: string = DEFAULT_PARTITION): Session {
  const known = sessions.get(partition);
  if (known) return known;
  const created = createSession();
  sessions.set(partition, created);
  return created;
}

/** Who answers for the schemes of a session. */
export function schemesOf(one: Session): SchemeHandlers {
  const handlers = schemes.get(one);
  if (!handlers)
    throw new Error('This object is not a session of session.fromPartition or session.defaultSession.');
  return handlers;
}

function createSession(): Session {
  const handlers = createSchemeHandlers();
  const created = partial<Session>('Session', {
    protocol: handlers.protocol,
    fetch: createFetch(handlers),
    webRequest: createWebRequest(),
    // Accepted and never asked: every permission is refused (targets.ts).
    setPermissionRequestHandler() {},
    setPermissionCheckHandler() {},
    setDevicePermissionHandler() {},
    setDisplayMediaRequestHandler() {},
  });
  schemes.set(created, handlers);
  return created;
}

/** Accepted and never called. For addresses of app schemes Electron does not call it either. */
function createWebRequest(): WebRequest {
  return partial<WebRequest>('WebRequest', { onHeadersReceived() {} });
}

/** @throws Error for a window that asks for a session and a partition, or for something that is neither */
export function sessionFor(preferences: Electron.WebPreferences): Session {
  if (preferences.session) {
    schemesOf(preferences.session);
    return preferences.session;
  }
  if (preferences.partition !== undefined && typeof preferences.partition !== 'string') {
    throw missingMember('session of a partition that is not a string');
  }
  return sessionOf(preferences.partition);
}
