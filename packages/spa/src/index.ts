export {
  AuthError,
  type AuthErrorCode,
  type AuthErrorData,
  type Expirable,
  type Session,
  type SessionSettings,
  type SessionState,
  type SettledState,
  type SignIn,
  type SignInOptions,
  type User,
} from '@deskauth/session';
export { createSpaSession, type SpaSession, type SpaSessionSettings } from './create-spa-session.ts';
export type { Page } from './page.ts';
export { takeAnswer } from './take-answer.ts';
