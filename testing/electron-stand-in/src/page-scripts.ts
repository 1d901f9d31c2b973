import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';
import { buildSync } from 'esbuild';
import type { PageWorldSettings } from './in-page/page-world.ts';
import type { PreloadWorldSettings } from './in-page/preload-world.ts';
import { BLANK_PAGE } from './targets.ts';

/** What runs in a window before its page does, and the names by which it is reached. */
export interface PageScripts {
  /** The world that the preload script has for itself. */
  readonly worldName: string;
  /** Called by the preload's world with a message. */
  readonly binding: string;
  /** Called in the preload's world with a message. */
  readonly deliver: string;
  readonly preloadWorld: string;
  readonly pageWorld: string;
}

/** @param preload the path of the app's preload script; empty when the window has none */
export function buildPageScripts(preload: string): PageScripts {
  const secret = randomUUID().replaceAll('-', '');
  const names = { toPreload: `${secret}-in`, toPage: `${secret}-out` } satisfies PageWorldSettings;
  const settings: PreloadWorldSettings = {
    ...names,
    binding: `leave_${secret}`,
    deliver: `deliver_${secret}`,
    process: {
      platform: process.platform,
      arch: process.arch,
      versions: { ...process.versions },
      type: 'renderer',
      sandboxed: true,
      contextIsolated: true,
      env: {},
      argv: [],
    },
  };
  const body = preload === '' ? '' : readPreload(preload);
  return {
    worldName: 'Electron Isolated Context',
    binding: settings.binding,
    deliver: settings.deliver,
    preloadWorld: inMainFrame(`${bundle('preload-world')}
      world.startPreloadWorld(${JSON.stringify(settings)}, function (require, module, exports, process) {\n${body}\n});`),
    pageWorld: inMainFrame(`${bundle('page-world')} world.startPageWorld(${JSON.stringify(names)});`),
  };
}

/** Frames inside the page have no preload (Electron's default), nor has the empty page that a window starts with. */
function inMainFrame(source: string): string {
  return `if (window === window.top && !location.href.startsWith(${JSON.stringify(BLANK_PAGE)})) {
    (() => {\n${source}\n})();
  }`;
}

/** @throws SyntaxError with file and line; in the window it would be lost without a word */
function readPreload(path: string): string {
  const text = readFileSync(path, 'utf8');
  new Script(`(function (require, module, exports, process) {${text}\n})`, { filename: path });
  return text;
}

const bundles = new Map<string, string>();

function bundle(name: 'preload-world' | 'page-world'): string {
  const known = bundles.get(name);
  if (known !== undefined) return known;
  const entry = fileURLToPath(new URL(`./in-page/${name}.ts`, import.meta.url));
  const built = buildSync({
    entryPoints: [entry],
    bundle: true,
    write: false,
    platform: 'browser',
    format: 'iife',
    globalName: 'world',
  });
  const text = built.outputFiles[0]?.text ?? '';
  bundles.set(name, text);
  return text;
}
