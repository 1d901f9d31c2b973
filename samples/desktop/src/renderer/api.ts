import { type AuthErrorData, readAuthError } from '@deskauth/electron/renderer';

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

export interface Transaction {
  readonly id: string;
  readonly date: string;
  readonly investorId: string;
  readonly amount: number;
  readonly currency: string;
}

export interface CompanyTransactions {
  readonly company: Company;
  readonly transactions: readonly Transaction[];
}

/** Why data could not be had: the sign-in's error, the API's own answer, or something that nobody expected. */
export type Failure =
  | { readonly kind: 'auth'; readonly error: AuthErrorData }
  | {
      readonly kind: 'api';
      readonly status: number;
      readonly code?: string;
      readonly message?: string;
      readonly id?: string;
      readonly at?: string;
    }
  | { readonly kind: 'unexpected'; readonly message: string };

/** What a load ends with. */
export interface Loaded<Data> {
  readonly data?: Data;
  readonly failure?: Failure;
}

/** Loads JSON from the API. A plain fetch: the main process adds the access token. */
export async function load<Data>(
  path: string,
  headers: HeadersInit,
  signal: AbortSignal,
): Promise<Loaded<Data>> {
  try {
    const response = await fetch(path, { headers, signal });
    if (response.ok) return { data: (await response.json()) as Data };
    const error = await readAuthError(response);
    if (error) return { failure: { kind: 'auth', error } };
    const body = await response.json().catch(() => ({}));
    return { failure: { ...body, kind: 'api', status: response.status } };
  } catch (error) {
    return { failure: { kind: 'unexpected', message: (error as Error).message } };
  }
}
