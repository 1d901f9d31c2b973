import type { RequestListener } from 'node:http';

/** Where the authorization server of a measurement is, and what its tokens are for. */
export interface Place {
  readonly issuer: string;
  readonly jwksUri: string;
  readonly introspectionEndpoint: string;
  readonly audience: string;
  readonly algorithm: 'RS256' | 'ES256';
}

/** What every server answers at `GET /private`: two claims of the caller. */
export interface Answer {
  readonly user: unknown;
  readonly client: unknown;
}

/** One server of a comparison. All of them serve `GET /private` and differ only in who checks the token. */
export interface Contestant {
  readonly name: string;
  readonly framework: 'fastify' | 'Express' | 'node:http';
  /** What it is, in the words of the table. */
  readonly label: string;
  /** Accepts RS256 only. */
  readonly rsaOnly?: boolean;
  /** Sets the server up as its documentation says. */
  create(place: Place): Promise<RequestListener>;
}

/** What follows `Bearer `, without further ado. */
export const bearerOf = (headers: { readonly authorization?: string | undefined }): string =>
  headers.authorization?.slice(7) ?? '';

/** The answer from the payload of a token. */
export const answerOf = (payload: { readonly sub?: unknown; readonly client_id?: unknown }): Answer => ({
  user: payload.sub,
  client: payload.client_id,
});
