export type { AccessTokenOptions } from './access-token.ts';
export { isLoopback, isSafeAddress, parseAddress } from './address.ts';
export type { AuthorizationRequest, SignInOptions } from './authorization-request.ts';
export { type AuthorizedFetch, requireApiAddress } from './authorized-fetch.ts';
export { createSession } from './create-session.ts';
export type { DevicePrompt } from './device-code.ts';
export {
  AUTH_ERRORS,
  AuthError,
  type AuthErrorCode,
  type AuthErrorData,
  type AuthErrorDetail,
  type ErrorCircumstances,
  type ServerError,
} from './errors.ts';
export type { ExtraParameters, RequestHooks, TokenRequestExtras } from './extra-parameters.ts';
export { memoryLock, memoryStore } from './memory.ts';
export { lettersBetween } from './near-name.ts';
export type { NetworkFault } from './network-fault.ts';
export { ownMembers } from './own-members.ts';
export type { SignIn, SignInState } from './pending-sign-in.ts';
export {
  type BrowserLauncher,
  type Clock,
  type OpenRedirect,
  type PendingRequests,
  type RedirectAnswer,
  type RedirectListener,
  type RefreshLock,
  type SessionPorts,
  type SignInOutcome,
  systemClock,
  type TokenStore,
} from './ports.ts';
export type { Expirable } from './rehearsal.ts';
export type { ServerTrace } from './server-trace.ts';
export type { Session } from './session.ts';
export { SESSION_SETTINGS } from './session-kinds.ts';
export { isSessionRecord, type RefreshIntent, type SessionRecord } from './session-record.ts';
export {
  either,
  FLAG,
  FUNCTION,
  NUMBER,
  OBJECT,
  oneOf,
  requireSettings,
  type SettingKind,
  type SettingKinds,
  TEXT,
  TEXTS,
  withMethods,
} from './setting-kinds.ts';
export {
  type ClaimRequest,
  type ClaimsRequest,
  parseSettings,
  type SessionSettings,
  type SignOutRequest,
} from './settings.ts';
export type { SignOutOptions } from './sign-out.ts';
export type {
  Expired,
  ServerSignOut,
  SessionState,
  SettledState,
  SignedIn,
  SignedOut,
  SigningIn,
} from './state.ts';
export type { AccessToken, TokenSet } from './token-set.ts';
export { isSameUser, type User } from './user.ts';
export type { SessionWarning } from './warnings.ts';
