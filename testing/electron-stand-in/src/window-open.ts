import type { WebContents } from 'electron';
import type { WindowOpening } from './cdp-pipe.ts';
import { fromChromium } from './scheme-address.ts';

type Handler = Parameters<WebContents['setWindowOpenHandler']>[0];

/** What becomes of windows that a page wants to open. */
export interface WindowOpenHandler {
  set(handler: Handler): void;
  /** Tells the app, so that it can open the address elsewhere. The window itself is never opened (targets.ts). */
  refuse(opening: WindowOpening): void;
}

/** Without a handler Electron allows; here that is worth a line. */
export function createWindowOpenHandler(): WindowOpenHandler {
  let handler: Handler = () => ({ action: 'allow' });
  return {
    set(next) {
      handler = next;
    },
    refuse(opening) {
      const { action } = handler({
        url: fromChromium(opening.url),
        frameName: opening.windowName === '_blank' ? '' : opening.windowName,
        features: opening.windowFeatures.join(','),
        disposition: dispositionOf(opening),
        referrer: { url: '', policy: 'default' },
      });
      if (action === 'allow') warn(opening.url);
    },
  };
}

function dispositionOf({ windowFeatures }: WindowOpening): 'new-window' | 'foreground-tab' {
  return windowFeatures.some((feature) => /^(width|height|popup)/.test(feature))
    ? 'new-window'
    : 'foreground-tab';
}

function warn(url: string): void {
  console.error(
    `electron-stand-in: a window for ${url} was not opened. Electron would open it; answer {action: 'deny'} in ` +
      'webContents.setWindowOpenHandler().',
  );
}
