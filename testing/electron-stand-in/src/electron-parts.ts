/** The parts of Electron that a main process can import: those made here, and those refused. */
import { missing } from './partial.ts';
import { sessionOf } from './session.ts';

export { app } from './app.ts';
export { BrowserWindow } from './browser-window.ts';
export { clipboard } from './clipboard.ts';
export { ipcMain } from './ipc-main.ts';
export { Menu, MenuItem } from './menu.ts';
export { nativeTheme } from './native-theme.ts';
export { session } from './session.ts';
export { shell } from './shell.ts';
export { dialog, net, powerMonitor, safeStorage } from './small-modules.ts';
export { utilityProcess } from './utility-process.ts';
export { webContents } from './web-contents.ts';
/** Electron's `protocol`: that of the default session. */
export const { protocol } = sessionOf();

export const autoUpdater = missing('autoUpdater');
export const BaseWindow = missing('BaseWindow');
export const BrowserView = missing('BrowserView');
export const ClipboardItem = missing('ClipboardItem');
export const contentTracing = missing('contentTracing');
export const crashReporter = missing('crashReporter');
export const desktopCapturer = missing('desktopCapturer');
export const globalShortcut = missing('globalShortcut');
export const ImageView = missing('ImageView');
export const inAppPurchase = missing('inAppPurchase');
export const IpcMainServiceWorker = missing('IpcMainServiceWorker');
export const MessageChannelMain = missing('MessageChannelMain');
export const nativeImage = missing('nativeImage');
export const netLog = missing('netLog');
export const Notification = missing('Notification');
export const powerSaveBlocker = missing('powerSaveBlocker');
export const pushNotifications = missing('pushNotifications');
export const screen = missing('screen');
export const ShareMenu = missing('ShareMenu');
export const sharedTexture = missing('sharedTexture');
export const systemPreferences = missing('systemPreferences');
export const TouchBar = missing('TouchBar');
export const Tray = missing('Tray');
export const View = missing('View');
export const webFrameMain = missing('webFrameMain');
export const WebContentsView = missing('WebContentsView');
export const WebSocket = missing('WebSocket');

type Everything = keyof typeof import('electron/main') | keyof typeof import('electron/common');
type Missing = Exclude<Everything, keyof typeof import('./electron-parts.ts')>;
/** Fails to compile when Electron has a part that is neither made nor refused above. */
export type Complete = Missing extends never ? true : { readonly forgotten: Missing };
