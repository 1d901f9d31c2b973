/** What short examples in the docs take for granted. Longer ones import what they use. */
declare const session: import('@deskauth/session').Session;
declare const settings: Parameters<typeof import('@deskauth/electron/main')['createElectronSession']>[0];
declare const browser: import('@deskauth/session').BrowserLauncher;
declare const redirect: import('@deskauth/session').RedirectListener;
declare const createMyStore: () => import('@deskauth/session').TokenStore;
declare const verifier: import('@deskauth/resource-server').AccessTokenVerifier;
declare const app: Electron.App;
declare const issuer: string;
declare const clientId: string;
declare const authorizationUrl: string;
declare const rendererDirectory: string;
declare const preload: string;
declare const test: typeof import('node:test').test;
declare const meter: {
  createObservableCounter(name: string): {
    addCallback(work: (result: { observe(count: number): void }) => void): void;
  };
};
declare function show(what: unknown): void;
declare function render(what: unknown): void;
declare function showProgress(what: unknown): void;
