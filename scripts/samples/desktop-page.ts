import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type BuildOptions, build, type Metafile } from 'esbuild';

/** The desktop sample. */
export const DESKTOP = join(import.meta.dirname, '../../samples/desktop');

/**
 * Bundles what the desktop sample's windows load: the preload, and in `renderer` the page.
 * @returns what went into the bundles
 */
export async function buildDesktopPage(outdir: string, more: BuildOptions): Promise<Metafile[]> {
  const page = join(DESKTOP, 'src', 'renderer');
  const renderer = join(outdir, 'renderer');
  const shared = {
    ...more,
    bundle: true,
    minify: true,
    metafile: true,
    conditions: ['source'],
  } satisfies BuildOptions;
  await mkdir(renderer, { recursive: true });
  const built = await Promise.all([
    // A sandboxed preload is one CommonJS file: it can require Electron and nothing else.
    build({
      ...shared,
      entryPoints: [join(DESKTOP, 'src', 'preload.ts')],
      outfile: join(outdir, 'preload.cjs'),
      format: 'cjs',
      platform: 'node',
      external: ['electron'],
    }),
    build({
      ...shared,
      entryPoints: { app: join(page, 'main.tsx') },
      outdir: renderer,
      format: 'esm',
      target: 'chrome140',
      jsx: 'automatic',
      jsxImportSource: 'preact',
    }),
    build({ ...shared, entryPoints: [join(page, 'app.css')], outdir: renderer }),
  ]);
  for (const file of ['index.html', 'mark.svg']) await cp(join(page, file), join(renderer, file));
  return built.map(({ metafile }) => metafile);
}
