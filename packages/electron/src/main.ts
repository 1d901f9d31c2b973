export {
  type AccessTokenOptions,
  type AccountsOptions,
  AuthError,
  type AuthErrorCode,
  type AuthErrorData,
  type BrowserLauncher,
  type DevicePrompt,
  type Expirable,
  type FileSettings,
  type KnownAccount,
  type LinkInbox,
  type LoopbackHost,
  type LoopbackRedirectOptions,
  type LoopbackSettings,
  listAccounts,
  loadLogo,
  loadSettings,
  loopbackRedirect,
  memoryStore,
  type NodeSessionSettings,
  type PageSettings,
  type RedirectListener,
  type RequestHooks,
  type Session,
  type SessionSettings,
  type SessionState,
  type SessionWarning,
  type SettledState,
  type SignIn,
  type SignInOptions,
  type SignOutOptions,
  type StorageReport,
  type TokenStore,
  type User,
} from '@deskauth/node';
export type { ServeAppOptions } from './app-handler.ts';
export { type AppLinks, catchLinks } from './app-links.ts';
export { APP_ORIGIN, APP_SCHEME } from './app-origin.ts';
export { type AppRedirectOptions, type AppRedirects, createAppRedirects } from './app-redirects.ts';
export { registerAppScheme, serveApp } from './app-scheme.ts';
export { type AppWindowOptions, bringToFront, createAppWindow, returnAfterSignIn } from './app-window.ts';
export type { SessionSnapshot } from './contract.ts';
export {
  createElectronSession,
  type ElectronSession,
  type ElectronSessionSettings,
} from './create-electron-session.ts';
export { type ExposeSessionOptions, exposeSession } from './expose-session.ts';
export { forgetAccount } from './kept-in-electron.ts';
export {
  type AppSchemeRegistration,
  isSchemeRegistered,
  registerScheme,
  unregisterScheme,
} from './scheme-registration.ts';
