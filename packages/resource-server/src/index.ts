export {
  type AuthorizationDetail,
  type AuthorizationDetailNeeded,
  authorizationDetailsOf,
  requireAuthorizationDetails,
} from './authorization-details.ts';
export { type Claims, type OwnClaims, principalOf, type TokenClaims } from './claims.ts';
export type { Peer } from './client-certificate.ts';
export { answerClientErrors } from './client-error.ts';
export type { VerifierCounts } from './counts.ts';
export { API_ERRORS, type ApiErrorCode } from './error-codes.ts';
export { buildErrorResponse, type ErrorResponse } from './error-response.ts';
export {
  ApiError,
  type ApiErrorBody,
  type ApiErrorDetail,
  describeApiError,
  toApiError,
} from './errors.ts';
export type { ApiLog } from './log.ts';
export type { TokenPresentation } from './presented-token.ts';
export type { Promised } from './promised.ts';
export type { ProxySettings } from './proxy.ts';
export { createMemoryReplayStore, type MemoryReplayStoreSettings, type ReplayStore } from './replay-store.ts';
export type { ResourceMetadata } from './resource-metadata.ts';
export type { Revocation } from './revocations.ts';
export { hasScopes, requireScopes } from './scopes.ts';
export type { SecondLevelSettings, SecondLevelStore } from './second-level.ts';
export type {
  AccessTokenVerifierSettings,
  DpopSettings,
  IntrospectionSettings,
  SignatureAlgorithm,
} from './settings.ts';
export { loadSettings, requireSettings } from './settings-file.ts';
export { requireStepUp, type StepUp } from './step-up.ts';
export type { TokenCookieSettings } from './token-cookie.ts';
export { type AccessTokenVerifier, createAccessTokenVerifier, type VerifierHealth } from './verifier.ts';
export type { FileSettings, SettingRule } from './verifier-rules.ts';
export { verifyRequest } from './verify-request.ts';
