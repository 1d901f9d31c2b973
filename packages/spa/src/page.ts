/** The parts of a window that a session stands on. `window` is one. */
export interface Page {
  /** False over http on a host that is not this machine: there is no cryptography then. */
  readonly isSecureContext: boolean;
  /** Itself, unless it is in a frame. */
  readonly parent: unknown;
  readonly location: Pick<Location, 'href' | 'origin' | 'assign' | 'replace'>;
  readonly history: Pick<History, 'replaceState'>;
  /** Reading it throws where the person has forbidden site data. */
  readonly sessionStorage: Storage;
  /** As session storage. */
  readonly localStorage: Storage;
  readonly navigator: { readonly locks?: Pick<LockManager, 'request'> };
  addEventListener(
    type: 'pageshow',
    listener: (event: { readonly persisted: boolean }) => void,
    options: { readonly signal: AbortSignal },
  ): void;
}
