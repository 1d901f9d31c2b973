export type { AdminAccess } from './admin-access.ts';
export type { BuiltInClientId, DevClient, DevClients } from './clients.ts';
export type { Fault, FaultEndpoint, Faults, PendingFault } from './faults.ts';
export type { HttpsSettings } from './https.ts';
export { PROFILE_NAMES, type ProfileName } from './profiles/profiles.ts';
export type { RefreshTokenFilter, RefreshTokenRecord } from './refresh-tokens.ts';
export type { DevAuthoritySettings } from './settings.ts';
export { type DevAuthority, startDevAuthority } from './start.ts';
export type { DevUser } from './users.ts';
