import type { KeyRing } from './key-ring.ts';

/** A JSON object on the wire. */
export type Json = Record<string, unknown>;

/** An HTTP answer that is not simply a JSON object with status 200. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
  /** `hang`: no byte ever. `drip`: the body byte by byte, for ever. `cut`: half the body, then the line drops. */
  readonly manner?: 'hang' | 'drip' | 'cut' | 'reset';
}

/** What a part of the server says: a JSON object, or a whole reply. */
export type Says = Json | Reply;

/** What a lie may draw on. */
export interface Scene {
  readonly issuer: string;
  /** An origin that is not the server's and that nobody may ever ask: it counts who does. */
  readonly stranger: string;
  readonly keys: KeyRing;
  /** Which sign-in this is: 1, 2, … */
  readonly signIn: number;
  /** By the server's clock, in seconds since the epoch. */
  readonly now: number;
  /** The authorization request that is being answered. */
  readonly request: URLSearchParams;
  /** Nonces of all sign-ins so far. */
  readonly nonces: readonly string[];
  /** A good code that belongs to somebody else's request. */
  issueForeignCode(): string;
}

/** A place that the browser is sent to: an address, or a form that is posted to one. */
export type Visit = string | { readonly post: string; readonly form: string };

/** Where and how the server lies. What is left out is honest. */
export interface Bend {
  readonly metadata?: (honest: Json, scene: Scene) => Says;
  /** Where the browser is sent: the honest address holds code, state and iss. */
  readonly answer?: (honest: URL, scene: Scene) => Visit | readonly Visit[];
  readonly token?: (honest: Json, scene: Scene) => Says;
  /** The nonce that the server wants in the proof of a token request; undefined where it is content with the given one. */
  readonly nonce?: (given: unknown) => string | undefined;
  /** The claims of the ID token, before it is signed. A text is taken as the payload itself. */
  readonly claims?: (honest: Json, scene: Scene) => Json | string;
  /** The header of the ID token, before it is signed. */
  readonly header?: (honest: Json, scene: Scene) => Json;
  /** The key that the ID token is signed with. */
  readonly signWith?: (scene: Scene) => keyof KeyRing;
  /** The ID token, after it was signed. */
  readonly idToken?: (honest: string, scene: Scene) => string | Promise<string>;
  readonly keys?: (honest: Json, scene: Scene) => Says;
  readonly userInfo?: (honest: Json, scene: Scene) => Says;
  /** The server's clock is this far ahead of the machine's: in truth the machine's clock is wrong. */
  readonly aheadSeconds?: number;
  /** The server does not look at the PKCE verifier. */
  readonly ignoresVerifier?: true;
}
