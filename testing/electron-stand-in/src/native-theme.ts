import type { NativeTheme } from 'electron';
import type { CdpSession } from './cdp-pipe.ts';
import { createEmitter } from './events.ts';
import { partialEmitter } from './partial.ts';

type ThemeSource = NativeTheme['themeSource'];

const emitter = createEmitter('nativeTheme', ['updated']);
const followers = new Set<CdpSession>();
let source: ThemeSource = 'system';

/** Electron's `nativeTheme`. The system's own theme is known to Chromium alone; here `system` counts as light. */
export const nativeTheme = partialEmitter<NativeTheme>('nativeTheme', emitter, {
  get shouldUseDarkColors() {
    return source === 'dark';
  },
  get themeSource() {
    return source;
  },
  set themeSource(next) {
    setSource(next);
  },
});

function setSource(next: ThemeSource): void {
  if (!['system', 'light', 'dark'].includes(next)) throw new TypeError(`${next} is not a theme source.`);
  source = next;
  for (const session of followers) applyTheme(session);
  emitter.emit('updated');
}

/** Shows the app's theme in a page, as `prefers-color-scheme`, until it is closed. */
export function followTheme(session: CdpSession, closed: Promise<void>): void {
  followers.add(session);
  closed.then(() => followers.delete(session));
  if (source !== 'system') applyTheme(session);
}

function applyTheme(session: CdpSession): void {
  const features = [{ name: 'prefers-color-scheme', value: source === 'system' ? '' : source }];
  session.send('Emulation.setEmulatedMedia', { features }).catch(() => {});
}
