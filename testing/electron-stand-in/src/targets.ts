import { randomUUID } from 'node:crypto';
import type { CdpSession } from './cdp-pipe.ts';
import type { Chromium } from './launch-chromium.ts';

/** The page that every window starts with begins so. The parameter tells it from an app's own data addresses. */
export const BLANK_PAGE = 'data:text/html;charset=utf-8;window=new,';

/** How a new window looks before its first page. */
export interface WindowLook {
  readonly title: string;
  /** A CSS colour. */
  readonly background: string;
  readonly width: number;
  readonly height: number;
}

/** A window's page, held until `Runtime.runIfWaitingForDebugger`. */
export interface PageTarget {
  readonly id: string;
  readonly session: CdpSession;
  /** Resolves when the window is gone, whoever closed it. */
  readonly closed: Promise<void>;
  close(): void;
}

/** The windows of one Chromium. */
export interface Targets {
  open(look: WindowLook): Promise<PageTarget>;
}

/** Asked for by pages, refused to all: the stand-in cannot ask the app's permission handler in time. */
const REFUSED_PERMISSIONS = [
  'geolocation',
  'notifications',
  'audioCapture',
  'videoCapture',
  'midi',
  'clipboardReadWrite',
  'idleDetection',
  'localFonts',
];

/** Opens windows, and closes every page that the app did not open: pop-ups, and tabs opened by keyboard. */
export async function createTargets({ cdp, headless, openAppWindow }: Chromium): Promise<Targets> {
  const expected = new Map<string, (target: PageTarget) => void>();
  const takeExpected = (address: string) => {
    const token = [...expected.keys()].find((one) => address.includes(one)) ?? '';
    const taker = expected.get(token);
    expected.delete(token);
    return taker;
  };
  await watchPages(cdp, takeExpected);
  await refusePermissions(cdp);
  return {
    open(look) {
      const token = randomUUID();
      const attached = new Promise<PageTarget>((resolve) => expected.set(token, resolve));
      const url = blankPage(look, token);
      if (!headless) {
        openAppWindow(url);
        return attached;
      }
      const { width, height } = look;
      return cdp.send('Target.createTarget', { url, newWindow: true, width, height }).then(() => attached);
    },
  };
}

type TakeExpected = (address: string) => ((target: PageTarget) => void) | undefined;

async function watchPages(cdp: CdpSession, takeExpected: TakeExpected): Promise<void> {
  const ends = new Map<string, () => void>();
  cdp.on('Target.detachedFromTarget', ({ sessionId }) => {
    ends.get(sessionId)?.();
    ends.delete(sessionId);
  });
  cdp.on('Target.attachedToTarget', ({ sessionId, targetInfo: { targetId: id, url } }) => {
    const session = cdp.session(sessionId);
    const close = () => closeTarget(cdp, id);
    if (url.startsWith('devtools://')) return resume(session);
    const take = takeExpected(url);
    if (!take) return refuse(session, close);
    const closed = new Promise<void>((resolve) => ends.set(sessionId, resolve));
    take({ id, session, closed, close });
  });
  await cdp.send('Target.setAutoAttach', {
    autoAttach: true,
    waitForDebuggerOnStart: true,
    flatten: true,
    filter: [{ type: 'page' }],
  });
}

async function refusePermissions(cdp: CdpSession): Promise<void> {
  const refusals = REFUSED_PERMISSIONS.map((name) =>
    cdp.send('Browser.setPermission', { permission: { name }, setting: 'denied' }),
  );
  // Not every Chromium knows every name.
  await Promise.allSettled(refusals);
}

/** Not about:blank: an app window that starts there shows an address bar later. */
function blankPage({ title, background }: WindowLook, token: string): string {
  const text = title.replace(/[<&]/g, (sign) => (sign === '<' ? '&lt;' : '&amp;'));
  const page = `<title>${text}</title><body style="background:${background}">`;
  return `${BLANK_PAGE}${encodeURIComponent(page)}#${token}`;
}

/** Nothing of a refused page reaches the network: its requests are held, and it is closed. */
function refuse(session: CdpSession, close: () => void): void {
  session.send('Fetch.enable', { patterns: [{ urlPattern: '*' }] }).catch(() => {});
  resume(session);
  close();
}

function closeTarget(browser: CdpSession, targetId: string): void {
  browser.send('Target.closeTarget', { targetId }).catch(() => {});
}

function resume(session: CdpSession): void {
  session.send('Runtime.runIfWaitingForDebugger').catch(() => {});
}
