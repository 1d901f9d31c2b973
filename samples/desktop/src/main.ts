import { join } from 'node:path';
import {
  createAppWindow,
  createElectronSession,
  exposeSession,
  loadSettings,
  registerAppScheme,
  returnAfterSignIn,
  serveApp,
} from '@deskauth/electron/main';
import { app, dialog } from 'electron';

const home = join(import.meta.dirname, '..');
const settingsFile =
  process.argv.find((argument) => argument.startsWith('--settings='))?.slice('--settings='.length) ??
  join(home, 'desktop.settings.json');

async function start(): Promise<void> {
  const { apiAddress, ...settings } = await loadSettings(settingsFile, ['apiAddress']);
  if (typeof apiAddress !== 'string') throw new Error('"apiAddress": expected the address of the API.');
  const session = createElectronSession({ ...settings, apiAddresses: [apiAddress] });

  // The sample API fails on request, so that a developer can follow the error id from its log to the screen.
  const requestHeaders = ['x-deskauth-rehearse'];
  serveApp({ session, apiAddress, requestHeaders, rendererDirectory: join(home, 'dist', 'renderer') });
  exposeSession(session, { restored: session.restore() });
  const window = createAppWindow({ preload: join(home, 'dist', 'preload.cjs'), title: 'Deskauth Companies' });

  returnAfterSignIn(session, window);
  app.on('will-quit', () => session.close());
}

function giveUp(error: Error): void {
  console.error(error.message);
  dialog.showErrorBox('Deskauth Companies cannot start', `${error.message}\n\nSettings: ${settingsFile}`);
  app.exit(1);
}

registerAppScheme();
app.on('window-all-closed', () => app.quit());
app.whenReady().then(start).catch(giveUp);
