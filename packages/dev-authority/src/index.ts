export type { BuiltInClientId, DevClient, DevClients } from './clients.ts';
export type { DevAuthoritySettings } from './settings.ts';
export { type DevAuthority, startDevAuthority } from './start.ts';
export type { DevUser } from './users.ts';
