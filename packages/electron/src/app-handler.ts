import { type ApiRelayOptions, createApiRelay } from './api-relay.ts';
import { isApiPath, isFromOwnPage, pathOf } from './app-origin.ts';
import { refuse } from './error-response.ts';
import { createPageFiles } from './page-files.ts';

/** What the app's origin serves. */
export interface ServeAppOptions extends ApiRelayOptions {
  /** The folder of the page: `index.html` and what it loads. */
  readonly rendererDirectory: string;
}

/** Creates what answers every request to the app's origin: the API's data under `/api/`, the page's files otherwise. */
export function createAppHandler(options: ServeAppOptions): (request: Request) => Promise<Response> {
  const relay = createApiRelay(options);
  const readPageFile = createPageFiles(options.rendererDirectory);

  return async (request) => {
    const path = pathOf(request.url);
    if (path === undefined) return refuse(404, 'The app has no such address.');
    if (!isFromOwnPage(request)) return refuse(403, 'Only pages of the app are served.');
    if (isApiPath(path)) return relay(request);
    if (request.method !== 'GET') return refuse(405, 'Files can only be read.');
    return readPageFile(path);
  };
}
