export {
  type Asked,
  type HostileAuthority,
  type HostileSettings,
  type Part,
  PUBLIC_ISSUER,
  startHostileAuthority,
} from './authority.ts';
export { createHttpBrowser, type HttpBrowser } from './browser.ts';
export type { Fault, Outcome } from './fault.ts';
export { faults } from './faults.ts';
export { createKeyRing, type KeyRing } from './key-ring.ts';
export type { Bend, Json, Reply, Scene, Visit } from './scene.ts';
