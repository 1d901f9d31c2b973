import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type BuildOptions, build, type Metafile } from 'esbuild';
import { buildDesktopPage, DESKTOP } from '../samples/desktop-page.ts';
import { NATIVE_PACKAGES } from './native-parts.ts';
import type { PackedApp } from './packed-app.ts';

/** The process that asks the keyring is a program of its own, found by this name. */
const KEYRING_CHILD = '@deskauth/node/keyring-child';

const SHARED = {
  bundle: true,
  minify: true,
  metafile: true,
  logLevel: 'warning',
  platform: 'node',
  format: 'esm',
  target: 'node24',
  conditions: ['source'],
  external: ['electron', ...NATIVE_PACKAGES],
  legalComments: 'none',
  // CommonJS inside of a bundle asks for Node's own modules.
  banner: {
    js: "import { createRequire as bundleRequire } from 'node:module'; const require = bundleRequire(import.meta.url);",
  },
} satisfies BuildOptions;

/**
 * Bundles the app into a folder that can become its archive: the same places as in `samples/desktop`, one file for each
 * process, no sources.
 * @returns what went into the bundles
 */
export async function bundleApp(app: PackedApp, folder: string): Promise<Metafile[]> {
  const dist = join(folder, 'dist');
  const child = join(folder, 'node_modules/@deskauth/node');
  await mkdir(child, { recursive: true });
  const page = await buildDesktopPage(dist, { logLevel: 'warning', legalComments: 'none' });
  const main = await build({
    ...SHARED,
    entryPoints: [join(DESKTOP, 'src/main.ts')],
    outfile: join(dist, 'main.js'),
  });
  const keyring = await build({
    ...SHARED,
    stdin: { contents: `import '${KEYRING_CHILD}';`, resolveDir: join(DESKTOP, 'src') },
    outfile: join(child, 'keyring-child.js'),
  });
  await writeJson(join(child, 'package.json'), {
    name: '@deskauth/node',
    version: app.version,
    type: 'module',
    exports: { './keyring-child': './keyring-child.js' },
  });
  await writeJson(join(folder, 'package.json'), manifestOf(app));
  return [...page, main.metafile, keyring.metafile];
}

/** What Electron reads: names the folder of the person's data, and on Linux the window's desktop file. */
function manifestOf(app: PackedApp) {
  const { productName, version, description } = app;
  return {
    name: app.executable,
    ...{ productName, version, description },
    author: app.maker,
    license: 'Apache-2.0',
    desktopName: `${app.id}.desktop`,
    type: 'module',
    main: 'dist/main.js',
  };
}

function writeJson(file: string, value: unknown): Promise<void> {
  return writeFile(file, `${JSON.stringify(value, null, 2)}\n`);
}
