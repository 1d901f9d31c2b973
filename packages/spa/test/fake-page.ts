import type { Page } from '@deskauth/spa';

/** One tab: what a browser keeps while its pages come and go. */
export interface FakeTab {
  readonly storage: Map<string, string>;
  /** What all tabs of a browser share. */
  readonly shared: Map<string, string>;
  /** Addresses that pages of this tab left for. */
  readonly left: string[];
  /** How many pages the back button leads to. */
  history: number;
}

/** A tab of this browser, or of one of its own. */
export const createTab = (shared = new Map<string, string>()): FakeTab => ({
  ...{ storage: new Map(), shared, left: [], history: 0 },
});

/** A page that was loaded in a tab. */
export interface FakePage extends Page {
  /** What the history shows for this page: the last address it gave itself. */
  readonly shown: string;
  /** Resolves with the address when the page leaves. */
  readonly leaving: Promise<string>;
  /** The browser shows the page again, as it was. */
  comeBack(): void;
  /** How many listen for that. */
  readonly listeners: number;
}

/** Loads an address in a tab. Locks are those of the runtime. */
export function loadPage(
  tab: FakeTab,
  address: string,
  options: { denyStorage?: boolean; inFrame?: boolean } = {},
): FakePage {
  let href = address;
  let leave: (url: string) => void;
  const leaving = new Promise<string>((resolve) => {
    leave = resolve;
  });
  const listeners = new Set<(event: { persisted: boolean }) => void>();
  const page: FakePage = {
    parent: undefined,
    isSecureContext: !address.startsWith('http://app.'),
    leaving,
    get shown() {
      return href;
    },
    location: {
      get href() {
        return href;
      },
      origin: new URL(address).origin,
      assign(url: string | URL) {
        tab.history += 1;
        this.replace(url);
      },
      replace(url: string | URL) {
        tab.left.push(String(url));
        leave(String(url));
      },
    },
    history: {
      replaceState(_data, _unused, url) {
        // As in a document whose base element names another origin.
        const next = new URL(url ?? '', 'https://cdn.example/');
        if (next.origin !== new URL(href).origin) throw new DOMException('another origin', 'SecurityError');
        href = next.href;
      },
    },
    get sessionStorage() {
      if (options.denyStorage) throw new DOMException('denied', 'SecurityError');
      return fakeStorage(tab.storage);
    },
    get localStorage() {
      if (options.denyStorage) throw new DOMException('denied', 'SecurityError');
      return fakeStorage(tab.shared);
    },
    navigator: globalThis.navigator,
    addEventListener(_type, listener, { signal }) {
      listeners.add(listener);
      signal.addEventListener('abort', () => listeners.delete(listener));
    },
    get listeners() {
      return listeners.size;
    },
    comeBack: () => {
      for (const listener of listeners) listener({ persisted: true });
    },
  };
  return Object.assign(page, { parent: options.inFrame ? {} : page });
}

function fakeStorage(items: Map<string, string>): Storage {
  return {
    get length() {
      return items.size;
    },
    key: (index) => [...items.keys()][index] ?? null,
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: (key) => void items.delete(key),
    clear: () => items.clear(),
  };
}
