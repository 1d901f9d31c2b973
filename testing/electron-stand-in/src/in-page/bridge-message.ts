/** A value on its way between the two worlds of a page. Functions and promises stay where they are, under a number. */
export type Sent =
  | readonly ['value', unknown]
  | readonly ['error', message: string]
  | readonly ['array', readonly Sent[]]
  | readonly ['object', readonly (readonly [string, Sent])[]]
  | readonly ['function' | 'own function' | 'promise', id: number];

/** An object is put on the other world's `window`. */
export interface Expose {
  readonly kind: 'expose';
  readonly key: string;
  readonly api: Sent;
}

/** A function of the other world is called. */
export interface Call {
  readonly kind: 'call';
  readonly call: number;
  readonly id: number;
  readonly args: readonly Sent[];
}

/** A call has returned or thrown; it comes before the dispatch of the call is over. */
export interface Return {
  readonly kind: 'return';
  readonly call: number;
  readonly ok: boolean;
  readonly value: Sent;
}

/** A promise has been settled. */
export interface Settle {
  readonly kind: 'settle';
  readonly id: number;
  readonly ok: boolean;
  readonly value: Sent;
}

export type BridgeMessage = Expose | Call | Return | Settle;
