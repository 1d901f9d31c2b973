export { memoryStore } from '@deskauth/session';
export { createNodeSession, type NodeSessionSettings } from './create-node-session.ts';
export { dataDirectory } from './data-directory.ts';
export { type LoopbackRedirectOptions, loopbackRedirect } from './loopback-redirect.ts';
export { processLock } from './process-lock.ts';
export { type FileSettings, loadSettings } from './settings-file.ts';
export { type OpenCommand, requireBrowsable, systemBrowser } from './system-browser.ts';
export {
  type KeyringStoreOptions,
  keyringStore,
  type ReportingTokenStore,
  type StorageReport,
} from './token-store/keyring-store.ts';
export type { KeyKeeper } from './token-store/keys.ts';
