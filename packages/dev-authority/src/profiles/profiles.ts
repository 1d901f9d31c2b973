import { auth0 } from './auth0.ts';
import { b2c } from './b2c.ts';
import { cognito } from './cognito.ts';
import { entra, entraV1 } from './entra.ts';
import { google } from './google.ts';
import { keycloak } from './keycloak.ts';
import { okta } from './okta.ts';
import { ping } from './ping.ts';
import { standard } from './standard.ts';

/** Every provider whose ways the authority can take on. */
export const profiles = {
  standard,
  okta,
  auth0,
  entra,
  'entra-v1': entraV1,
  b2c,
  google,
  ping,
  keycloak,
  cognito,
} as const;

/** The name of a profile. */
export type ProfileName = keyof typeof profiles;

/** All names. */
export const PROFILE_NAMES = Object.keys(profiles) as readonly ProfileName[];
