import { AuthError, type AuthErrorData, type SpaSession } from '@deskauth/spa';
import { log } from './log.ts';

export interface Company {
  readonly id: string;
  readonly name: string;
  readonly region: string;
  readonly sector: string;
  readonly currency: string;
  readonly targetAmount: number;
  readonly investedAmount: number;
  readonly investorCount: number;
}

export interface CompanyTransactions {
  readonly company: Company;
  readonly transactions: readonly {
    readonly id: string;
    readonly date: string;
    readonly investorId: string;
    readonly amount: number;
    readonly currency: string;
  }[];
}

/** Why data could not be had: the sign-in's error or the API's own answer. */
export type Failure =
  | { readonly kind: 'auth'; readonly error: AuthErrorData }
  | {
      readonly kind: 'api';
      readonly status: number;
      readonly code?: string;
      readonly message?: string;
      readonly id?: string;
    };

/** What a load ends with. */
export interface Loaded<Data> {
  readonly data?: Data | undefined;
  readonly failure?: Failure | undefined;
}

/** Loads JSON from the API, with an access token. `rehearse` asks the API to fail. */
export async function load<Data>(
  session: SpaSession,
  path: string,
  rehearse: boolean,
): Promise<Loaded<Data>> {
  const startedAt = performance.now();
  const headers = { ...(rehearse && { 'x-deskauth-rehearse': 'fail' }) };
  try {
    const response = await session.fetch(path, { headers });
    const body = await response.json().catch(() => ({}));
    const { status, ok } = response;
    log('api', { path, status, errorId: body.id, milliseconds: Math.round(performance.now() - startedAt) });
    return ok ? { data: body } : { failure: { ...body, kind: 'api', status } };
  } catch (error) {
    if (!(error instanceof AuthError)) throw error;
    log('api', { path, code: error.code, errorId: error.errorId });
    return { failure: { kind: 'auth', error: error.toJSON() } };
  }
}
