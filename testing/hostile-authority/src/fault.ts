import type { Part } from './authority.ts';
import type { Bend, Json } from './scene.ts';

/**
 * What must come of a sign-in: `signed-in`, `waiting` (the answer was none of ours and the attempt is still open), or
 * the code of the error that ends it.
 */
export type Outcome = 'signed-in' | 'waiting' | `AUTH_${string}`;

/** One lie, and what must come of it. */
export interface Fault {
  /** Its id in the catalogue. */
  readonly id: string;
  readonly name: string;
  /** The module of the OpenID Foundation's suite for relying parties that checks the same. */
  readonly conformance?: string;
  readonly bend: Bend;
  /** True where the name of the issuer matters: {@link PUBLIC_ISSUER}. */
  readonly isPublic?: true;
  /** Settings of the client beyond issuer and client id. */
  readonly settings?: Json;
  /** Options of the sign-in. */
  readonly options?: Json;
  /** How often the same client signs in; the outcome is that of the last time. @default 1 */
  readonly signIns?: number;
  readonly expect: Outcome;
  /** How often each part of the server is asked, where that matters. */
  readonly asked?: Partial<Record<Part, number>>;
  /** How often somebody else is asked, because the settings permit it. @default 0 */
  readonly strangers?: number;
  /** What the error tells the person. */
  readonly says?: RegExp;
  /** What is known of the user after a sign-in. */
  readonly claims?: Json;
  /** What must be in a page of the browser. */
  readonly pagesHave?: string;
  /** What must be in no page of the browser. */
  readonly pagesLack?: string;
  /** What was granted. */
  readonly scope?: string;
  /** The warning that the session has. */
  readonly warning?: string;
}

/** Writes faults of one id as a table. */
export function faultsOf(id: string, rows: readonly Omit<Fault, 'id'>[]): Fault[] {
  return rows.map((row) => ({ id, ...row }));
}

/** The OpenID Foundation's suites for relying parties, up to the name of the module. */
export const OIDCC = 'oidcc-client-test';
export const FAPI2 = 'fapi2-security-profile-final-client-test';

/** A lie in an ID token, and the module that checks the same. */
export type IdTokenRow = readonly [name: string, bend: Bend, conformance?: string];

/** Writes faults of one id that must all end with a refused ID token. */
export function refusedIdTokens(id: string, rows: readonly IdTokenRow[]): Fault[] {
  return rows.map(([name, bend, conformance]) => ({
    ...{ id, name, bend, expect: 'AUTH_ID_TOKEN_INVALID' as const },
    ...(conformance !== undefined && { conformance }),
  }));
}
