import type { RequestListener } from 'node:http';

/** Where the authorization server of a measurement is, and what its tokens are for. */
export interface Place {
  readonly issuer: string;
  readonly jwksUri: string;
  readonly introspectionEndpoint: string;
  readonly audience: string;
  readonly algorithm: 'RS256' | 'ES256';
  /** How long signing keys are kept, in seconds. @default what the library has */
  readonly keysMaxAgeSeconds?: number;
  /** The least time between two key fetches that unknown key ids provoke, in seconds. @default what the library has */
  readonly keysCooldownSeconds?: number;
}

/** The same two in milliseconds, under the names that most libraries have for them. */
export const keyTimes = ({ keysMaxAgeSeconds, keysCooldownSeconds }: Place) => ({
  ...(keysMaxAgeSeconds !== undefined && { cacheMaxAge: keysMaxAgeSeconds * 1000 }),
  ...(keysCooldownSeconds !== undefined && { cooldownDuration: keysCooldownSeconds * 1000 }),
});

/** What our verifier is told about a place. */
export const verifierSettings = ({ issuer, audience, algorithm, ...place }: Place) => ({
  ...{ issuer, audience, algorithms: [algorithm], allowHttp: true },
  ...(place.keysMaxAgeSeconds !== undefined && { keysMaxAgeSeconds: place.keysMaxAgeSeconds }),
  ...(place.keysCooldownSeconds !== undefined && { keysCooldownSeconds: place.keysCooldownSeconds }),
});

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
