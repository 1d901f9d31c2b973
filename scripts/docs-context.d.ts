/**
 * What short examples in the docs take for granted: texts that are the reader's own, and what an app does with what it
 * gets. Nothing of ours, of Electron or of Node: an example that lacks it would compile here and nowhere else.
 */
declare const issuer: string;
declare const clientId: string;
declare const authorizationUrl: string;
declare const rendererDirectory: string;
declare const preload: string;
declare function show(what: unknown): void;
declare function render(what: unknown): void;
declare function showProgress(what: unknown): void;
