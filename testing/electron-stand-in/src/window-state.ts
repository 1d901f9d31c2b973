import type { EventEmitter } from 'node:events';
import type { BrowserWindow } from 'electron';
import type { CdpSession } from './cdp-pipe.ts';
import type { Page } from './page.ts';

/** Showing, hiding and raising a window. */
export type WindowState = Pick<
  BrowserWindow,
  'show' | 'showInactive' | 'hide' | 'focus' | 'minimize' | 'restore' | 'isMinimized' | 'isVisible'
>;

interface Start {
  readonly width: number;
  readonly height: number;
  /** What the app has asked for; Chromium shows the window in any case. */
  readonly visible: boolean;
}

/** `isVisible` and `isMinimized` say what the app has last asked for: Chromium does not tell of the user's doing. */
export function createWindowState(page: Promise<Page>, emitter: EventEmitter, start: Start): WindowState {
  let visible = start.visible;
  let minimized = false;
  const change = (run: (session: CdpSession) => Promise<unknown>) => {
    page.then(({ target }) => run(target.session)).catch(() => {});
  };
  const become = (event: string, next: { visible?: boolean; minimized?: boolean }) => {
    ({ visible = visible, minimized = minimized } = next);
    emitter.emit(event);
  };
  change((session) => setBounds(session, { width: start.width, height: start.height }));

  return {
    show() {
      change(raise);
      become('show', { visible: true, minimized: false });
    },
    showInactive() {
      become('show', { visible: true });
    },
    hide() {
      change((session) => setBounds(session, { windowState: 'minimized' }));
      become('hide', { visible: false });
    },
    focus() {
      change(raise);
      become('focus', {});
    },
    minimize() {
      change((session) => setBounds(session, { windowState: 'minimized' }));
      become('minimize', { minimized: true });
    },
    restore() {
      change(raise);
      become('restore', { minimized: false });
    },
    isMinimized: () => minimized,
    isVisible: () => visible,
  };
}

type Bounds = { width: number; height: number } | { windowState: 'minimized' | 'normal' };

async function setBounds(session: CdpSession, bounds: Bounds): Promise<void> {
  const { windowId } = await session.send('Browser.getWindowForTarget');
  await session.send('Browser.setWindowBounds', { windowId, bounds });
}

/** Also from a minimised state that the user has brought about. */
async function raise(session: CdpSession): Promise<void> {
  const { bounds } = await session.send('Browser.getWindowForTarget');
  if (bounds.windowState === 'minimized') await setBounds(session, { windowState: 'normal' });
  await session.send('Page.bringToFront');
}
