import { join } from 'node:path';
import {
  type AppRedirects,
  bringToFront,
  catchLinks,
  createAppRedirects,
  createAppWindow,
  createElectronSession,
  exposeSession,
  type FileSettings,
  loadSettings,
  registerAppScheme,
  returnAfterSignIn,
  serveApp,
} from '@deskauth/electron/main';
import { app, type BrowserWindow, dialog } from 'electron';
import { findSettings, settingsArgument } from './settings-place.ts';

const home = join(import.meta.dirname, '..');
const { argv, resourcesPath: resources } = process;
const settingsFile = findSettings({ argv, isPackaged: app.isPackaged, resources, home });
const links = catchLinks();
let window: BrowserWindow | undefined;

async function start(): Promise<void> {
  const { apiAddress, redirect, scheme, redirectPage, ...settings } = await loadSettings(settingsFile, [
    'apiAddress',
    'redirect',
    'scheme',
    'redirectPage',
  ]);
  if (typeof apiAddress !== 'string') throw new Error('"apiAddress": expected the address of the API.');
  const redirects = await chooseRedirects(settings, redirect, scheme, redirectPage);
  if (!redirects) return app.quit();
  await app.whenReady();
  const session = createElectronSession({ ...settings, ...redirects, apiAddresses: [apiAddress] });

  // The sample API fails on request, so that a developer can follow the error id from its log to the screen.
  const requestHeaders = ['x-deskauth-rehearse'];
  serveApp({ session, apiAddress, requestHeaders, rendererDirectory: join(home, 'dist', 'renderer') });
  exposeSession(session, { restored: session.restore() });
  window = createAppWindow({ preload: join(home, 'dist', 'preload.cjs'), title: 'Deskauth Companies' });

  returnAfterSignIn(session, window);
  app.on('will-quit', () => session.close());
}

/** By loopback several instances run side by side; by links there is one. Undefined when another one has them. */
async function chooseRedirects(
  settings: FileSettings,
  redirect: unknown = 'loopback',
  scheme: unknown,
  page: unknown,
): Promise<Partial<AppRedirects> | undefined> {
  if (redirect === 'loopback') return {};
  if (redirect !== 'scheme' && redirect !== 'auto')
    throw new Error('"redirect": expected "loopback", "scheme" or "auto".');
  if (typeof scheme !== 'string') throw new Error('"scheme": expected a name such as "com.example.app".');
  if (page !== undefined && typeof page !== 'string')
    throw new Error('"redirectPage": expected its address.');
  const inbox = links.open({ scheme }, () => window && bringToFront(window));
  if (!inbox) return undefined;
  const named = settingsArgument(argv);
  const args = named ? [named] : [];
  return createAppRedirects(
    { ...settings, links: inbox, scheme, args, preference: redirect, ...(page && { page }) },
    (because) => console.info(`Redirect: ${because}`),
  );
}

function giveUp(error: Error): void {
  console.error(error.message);
  dialog.showErrorBox('Deskauth Companies cannot start', `${error.message}\n\nSettings: ${settingsFile}`);
  app.exit(1);
}

registerAppScheme();
app.on('window-all-closed', () => app.quit());
start().catch(giveUp);
