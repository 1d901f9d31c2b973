export {
  type AccessTokenOptions,
  AuthError,
  type AuthErrorCode,
  type AuthErrorData,
  type BrowserLauncher,
  type DevicePrompt,
  type Expirable,
  memoryStore,
  type OpenRedirect,
  type RedirectAnswer,
  type RedirectListener,
  type RefreshLock,
  type RequestHooks,
  type Session,
  type SessionSettings,
  type SessionState,
  type SessionWarning,
  type SettledState,
  type SignIn,
  type SignInOptions,
  type SignOutOptions,
  type TokenStore,
  type User,
} from '@deskauth/session';
export { type AccountsOptions, forgetAccount, type KnownAccount, listAccounts } from './accounts.ts';
export {
  chooseRedirect,
  firstRedirect,
  type RedirectChoice,
  type RedirectCircumstances,
  type RedirectKind,
} from './choose-redirect.ts';
export { createNodeSession, type NodeSessionSettings } from './create-node-session.ts';
export { dataDirectory } from './data-directory.ts';
export { weaknessOfElectron } from './electron-floor.ts';
export { detectEnvironment, type Environment, type Surroundings } from './environment.ts';
export type { Link, LinkRules } from './link.ts';
export { createLinkInbox, type LinkInbox } from './link-inbox.ts';
export {
  isLinuxSchemeRegistered,
  type LinuxScheme,
  registerLinuxScheme,
  unregisterLinuxScheme,
} from './linux-scheme.ts';
export { type LoopbackHost, type LoopbackRedirectOptions, loopbackRedirect } from './loopback-redirect.ts';
export {
  type LoopbackRedirects,
  type LoopbackRedirectsOptions,
  type LoopbackSettings,
  loopbackRedirects,
} from './loopback-settings.ts';
export { browserOfVariable, windowsBrowser } from './named-browser.ts';
export { machineFetch, type NetworkSettings } from './network/machine-fetch.ts';
export { createRoute, type ProxyServer, type ProxySettings, type Route } from './network/proxy.ts';
export { loadTrustedRoots, type TrustedRoots } from './network/roots.ts';
export { openTunnel } from './network/tunnel.ts';
export { buildInterstitialPage, type InterstitialPage } from './pages/interstitial-page.ts';
export { loadLogo } from './pages/logo.ts';
export type { Brand, PageSettings } from './pages/page-settings.ts';
export type { Theme, Themed } from './pages/themed.ts';
export { processLock } from './process-lock.ts';
export { requireRuntime, weaknessOfNode } from './runtime-floor.ts';
export { type SchemeRedirectOptions, schemeRedirect } from './scheme-redirect.ts';
export { type FileSettings, loadSettings } from './settings-file.ts';
export { type OpenCommand, requireBrowsable, systemBrowser } from './system-browser.ts';
export type { AskWeakerStorage } from './token-store/consent.ts';
export type { KeyWrapper } from './token-store/key-file.ts';
export type { KeyringAnswer, KeyringQuestion, StartKeyringProcess } from './token-store/keyring-process.ts';
export { keyringStore } from './token-store/keyring-store.ts';
export type { AskPassphrase, PassphraseQuestion } from './token-store/passphrase-key.ts';
export type { PassedOverTier, ReportingTokenStore, StorageReport } from './token-store/report.ts';
export type { KeyringStoreOptions } from './token-store/store-options.ts';
export {
  type KeyKeeper,
  type KeyTier,
  STORAGE_TIERS,
  type StorageFault,
  type StorageTier,
  tierUnavailable,
} from './token-store/tiers.ts';
