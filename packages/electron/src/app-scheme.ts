import { type CustomScheme, type Session as ElectronStorage, protocol, session as storages } from 'electron';
import { createAppHandler, type ServeAppOptions } from './app-handler.ts';
import { APP_SCHEME } from './app-origin.ts';

/**
 * Makes the app's scheme a secure origin of its own. Call it before the app is ready.
 * @param others the app's further schemes with privileges: Electron takes them once only
 * @see {@link serveApp}
 */
export function registerAppScheme(others: readonly CustomScheme[] = []): void {
  const privileges = { standard: true, secure: true, supportFetchAPI: true, corsEnabled: true, stream: true };
  protocol.registerSchemesAsPrivileged([{ scheme: APP_SCHEME, privileges }, ...others]);
}

/** Serves `app://bundle/`: the page's files, and under `/api/` the API's data. Call it once the app is ready. */
export function serveApp(options: ServeAppOptions): void {
  appStorage().protocol.handle(APP_SCHEME, createAppHandler(options));
}

/** The app's pages live apart from everything else that the app may show, and leave nothing on disk. */
export function appStorage(): ElectronStorage {
  const storage = storages.fromPartition('deskauth-app');
  storage.setPermissionRequestHandler((_contents, _permission, decide) => decide(false));
  storage.setPermissionCheckHandler(() => false);
  storage.setDevicePermissionHandler(() => false);
  return storage;
}
