/** The app's own scheme. It exists inside this process only: nothing is registered with the operating system. */
export const APP_SCHEME = 'app';

/** The origin of the app's pages. */
export const APP_ORIGIN = `${APP_SCHEME}://bundle`;

/** The part of a frame that the sender check looks at. */
export interface Frame {
  readonly origin: string;
  readonly parent: unknown;
}

/** True for the main frame of one of these origins. A frame that is gone, a sub-frame and an opaque origin are not. */
export function isOwnFrame(frame: Frame | null, origins: readonly string[]): boolean {
  return frame !== null && frame.parent === null && origins.includes(frame.origin);
}

/** True for an address that the app's window may show: a page of ours, and not what the API answered. */
export function isOwnPage(address: string): boolean {
  const path = pathOf(address);
  return path !== undefined && !isApiPath(path);
}

/** True for the part of the origin that the API answers. */
export function isApiPath(path: string): boolean {
  return path.startsWith('/api/');
}

/** The path of an address of the app, undefined for all others. `URL.origin` is "null" for a scheme of one's own. */
export function pathOf(address: string): string | undefined {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!url || `${url.protocol}//${url.host}` !== APP_ORIGIN || url.username || url.password) return undefined;
  return url.pathname;
}

/** A request as Electron hands it to a scheme; the origin that issued it is there from Electron 45 on. */
interface SchemeRequest extends Request {
  readonly initiatorOrigin?: string | null;
}

/** False for a request that another origin's page made. One without an initiator was started by the app itself. */
export function isFromOwnPage(request: Request): boolean {
  const { initiatorOrigin } = request as SchemeRequest;
  const stated = request.headers.get('origin');
  return [initiatorOrigin, stated ?? undefined].every(
    (origin) => origin === undefined || origin === APP_ORIGIN,
  );
}
