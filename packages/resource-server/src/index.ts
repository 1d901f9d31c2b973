export { type Claims, type OwnClaims, principalOf, type TokenClaims } from './claims.ts';
export { buildErrorResponse, type ErrorResponse } from './error-response.ts';
export {
  API_ERRORS,
  ApiError,
  type ApiErrorBody,
  type ApiErrorCode,
  type ApiErrorDetail,
  describeApiError,
  toApiError,
} from './errors.ts';
export type { ApiLog } from './log.ts';
export type { TokenPresentation } from './presented-token.ts';
export { createMemoryReplayStore, type MemoryReplayStoreSettings, type ReplayStore } from './replay-store.ts';
export type { ResourceMetadata } from './resource-metadata.ts';
export type { Revocation } from './revocations.ts';
export { hasScopes, requireScopes } from './scopes.ts';
export type {
  AccessTokenVerifierSettings,
  DpopSettings,
  IntrospectionSettings,
  SignatureAlgorithm,
} from './settings.ts';
export { requireStepUp, type StepUp } from './step-up.ts';
export { type AccessTokenVerifier, createAccessTokenVerifier, type VerifierHealth } from './verifier.ts';
export { verifyRequest } from './verify-request.ts';
