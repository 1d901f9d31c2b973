export { isLoopback, isSafeAddress, parseAddress } from './address.ts';
export type { AuthorizationRequest, SignInOptions } from './authorization-request.ts';
export { requireApiAddress } from './authorized-fetch.ts';
export {
  AUTH_ERRORS,
  AuthError,
  type AuthErrorCode,
  type AuthErrorData,
  type AuthErrorDetail,
  type ServerError,
} from './errors.ts';
export { memoryLock, memoryStore } from './memory.ts';
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
export { createSession, type Session } from './session.ts';
export { isSessionRecord, type SessionRecord } from './session-record.ts';
export { parseSettings, type SessionSettings } from './settings.ts';
export type { Expired, SessionState, SettledState, SignedIn, SignedOut, SigningIn } from './state.ts';
export type { TokenSet } from './token-set.ts';
export { isSameUser, type User } from './user.ts';
