import type { NativeTheme } from 'electron';
import type { CdpSession } from './cdp-pipe.ts';
import { createEmitter } from './events.ts';
import { openPages } from './open-pages.ts';
import { partialEmitter } from './partial.ts';

type ThemeSource = NativeTheme['themeSource'];

const emitter = createEmitter('nativeTheme', ['updated']);
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
    if (!['system', 'light', 'dark'].includes(next)) throw new TypeError(`${next} is not a theme source.`);
    source = next;
    for (const session of openPages()) applyTheme(session);
    emitter.emit('updated');
  },
});

/** Shows the app's theme to a page, as `prefers-color-scheme`. */
export function applyTheme(session: CdpSession): void {
  const features = [{ name: 'prefers-color-scheme', value: source === 'system' ? '' : source }];
  session.send('Emulation.setEmulatedMedia', { features }).catch(() => {});
}
