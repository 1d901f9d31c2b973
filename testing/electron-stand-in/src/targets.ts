import { randomUUID } from 'node:crypto';
import type { AttachedTarget, CdpSession } from './cdp-pipe.ts';
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

/** A window's page, held until `start()`. */
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
  const ends = new Map<string, () => void>();

  cdp.on('Target.attachedToTarget', ({ sessionId, targetInfo }) => {
    if (targetInfo.url.startsWith('devtools://')) return resume(cdp.session(sessionId));
    const token = [...expected.keys()].find((one) => targetInfo.url.includes(one));
    if (!token) return refuse(cdp.session(sessionId), targetInfo, cdp);
    const closed = new Promise<void>((resolve) => ends.set(sessionId, resolve));
    const { targetId } = targetInfo;
    const close = () => closeTarget(cdp, targetId);
    expected.get(token)?.({ id: targetId, session: cdp.session(sessionId), closed, close });
    expected.delete(token);
  });
  cdp.on('Target.detachedFromTarget', ({ sessionId }) => ends.get(sessionId)?.());
  await cdp.send('Target.setAutoAttach', {
    autoAttach: true,
    waitForDebuggerOnStart: true,
    flatten: true,
    filter: [{ type: 'page' }],
  });
  await Promise.all(
    REFUSED_PERMISSIONS.map((name) =>
      // Not every Chromium knows every name.
      cdp.send('Browser.setPermission', { permission: { name }, setting: 'denied' }).catch(() => {}),
    ),
  );

  return {
    open(look) {
      const token = randomUUID();
      const url = blankPage(look, token);
      const attached = new Promise<PageTarget>((resolve) => expected.set(token, resolve));
      if (!headless) {
        openAppWindow(url);
        return attached;
      }
      const { width, height } = look;
      const created = cdp.send('Target.createTarget', { url, newWindow: true, width, height });
      return created.then(() => attached);
    },
  };
}

/** Not about:blank: an app window that starts there shows an address bar later. */
function blankPage({ title, background }: WindowLook, token: string): string {
  const text = title.replace(/[<&]/g, (sign) => (sign === '<' ? '&lt;' : '&amp;'));
  const page = `<title>${text}</title><body style="background:${background}">`;
  return `${BLANK_PAGE}${encodeURIComponent(page)}#${token}`;
}

/** Nothing of a refused page reaches the network: its requests are held, and it is closed. */
function refuse(session: CdpSession, { targetId }: AttachedTarget['targetInfo'], browser: CdpSession): void {
  session.send('Fetch.enable', { patterns: [{ urlPattern: '*' }] }).catch(() => {});
  resume(session);
  closeTarget(browser, targetId);
}

function closeTarget(browser: CdpSession, targetId: string): void {
  browser.send('Target.closeTarget', { targetId }).catch(() => {});
}

function resume(session: CdpSession): void {
  session.send('Runtime.runIfWaitingForDebugger').catch(() => {});
}
