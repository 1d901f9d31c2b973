import type { Protocol } from 'electron';
import { partial } from './partial.ts';
import { addScheme } from './scheme-address.ts';

/** What an app gives to `protocol.handle`. */
export type SchemeHandler = (request: Request) => Response | Promise<Response>;

/** The schemes of one session: Electron's `protocol`, and who answers for it. */
export interface SchemeHandlers {
  readonly protocol: Protocol;
  handlerFor(scheme: string): SchemeHandler | undefined;
}

const privileged = new Map<string, Electron.Privileges>();
let readyPassed = false;

/** Electron refuses privileges for schemes after `ready`, and takes them once only; so do we. */
export function closeSchemeRegistration(): void {
  readyPassed = true;
}

/** A set of scheme handlers, empty at first. */
export function createSchemeHandlers(): SchemeHandlers {
  const handlers = new Map<string, SchemeHandler>();
  const protocol = partial<Protocol>('protocol', {
    registerSchemesAsPrivileged,
    handle(scheme, handler) {
      if (handlers.has(scheme))
        throw new Error(`Failed to register protocol: ${scheme}. It is handled already.`);
      warnAboutPrivileges(scheme);
      addScheme(scheme);
      handlers.set(scheme, handler);
    },
    unhandle(scheme) {
      if (!handlers.delete(scheme))
        throw new Error(`Failed to unregister protocol: ${scheme}. It is not handled.`);
    },
    isProtocolHandled: (scheme) => handlers.has(scheme),
  });
  return { protocol, handlerFor: (scheme) => handlers.get(scheme) };
}

function registerSchemesAsPrivileged(schemes: Electron.CustomScheme[]): void {
  if (readyPassed) {
    throw new Error('protocol.registerSchemesAsPrivileged should be called before app is ready');
  }
  if (privileged.size > 0) throw new Error('protocol.registerSchemesAsPrivileged can be called only once');
  for (const { scheme, privileges = {} } of schemes) {
    privileged.set(scheme, privileges);
    addScheme(scheme);
  }
}

/** Here every scheme becomes a standard, secure origin; in Electron only when asked for. */
function warnAboutPrivileges(scheme: string): void {
  const { standard, secure } = privileged.get(scheme) ?? {};
  if (standard && secure) return;
  console.error(
    `electron-stand-in: ${scheme}: is served as a standard, secure scheme here. For the same in Electron give it ` +
      'the privileges {standard: true, secure: true} by protocol.registerSchemesAsPrivileged() before app is ready.',
  );
}
