/** What a page can have to say. */
export type PageKind =
  | 'signed-in'
  | 'signed-in-already'
  | 'signed-out'
  | 'failed'
  | 'cancelled'
  | 'expired'
  | 'superseded'
  | 'unknown'
  | 'stray-error';

/** Why a sign-in failed, as far as it matters to the person: what they can do about it. */
export type Reason =
  | 'denied'
  | 'question'
  | 'network'
  | 'trouble'
  | 'intercepted'
  | 'setup'
  | 'untrusted'
  | 'other';

/** A heading and what follows it. `{app}` and `{name}` are filled in. */
export interface PageText {
  readonly title: string;
  readonly text: string;
}

/**
 * Every text of every page in one language. An app's name stands where `{app}` is, or `theApp`: the sentences are made
 * so that both fit.
 */
export interface PageTexts {
  readonly theApp: string;
  readonly pages: Readonly<Record<PageKind, PageText>>;
  readonly reasons: Readonly<Record<Reason, string>>;
  readonly labels: Readonly<Record<'cause' | 'code' | 'id', string>>;
  /** The page that passes an answer on to the app's own scheme. */
  readonly interstitial: PageText & {
    readonly button: string;
    readonly help: string;
    /** Shown to who comes without an answer. */
    readonly nothing: PageText;
  };
}
