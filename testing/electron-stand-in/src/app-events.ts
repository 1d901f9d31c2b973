import { createEmitter } from './events.ts';

const EVENTS = [
  'will-finish-launching ready window-all-closed before-quit will-quit quit second-instance',
  'web-contents-created browser-window-created render-process-gone',
  // Never emitted here: they belong to macOS, to the system's focus, and to processes that Chromium keeps to itself.
  'activate open-url open-file browser-window-focus browser-window-blur child-process-gone certificate-error',
].flatMap((line) => line.split(' '));

/** The events of `app`. */
export const appEvents = createEmitter('app', EVENTS);
