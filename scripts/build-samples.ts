import { createHash } from 'node:crypto';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type BuildOptions, build } from 'esbuild';
import { buildDesktopPage, DESKTOP } from './samples/desktop-page.ts';

/** Bundles what the samples' windows and pages load. The rest of them runs as it is compiled. */

const root = join(import.meta.dirname, '..');
const shared = {
  bundle: true,
  minify: true,
  sourcemap: true,
  logLevel: 'warning' as const,
  conditions: ['source'],
} satisfies BuildOptions;

/** The web app: static files, with the settings beside them. */
async function buildSpa(): Promise<void> {
  const home = join(root, 'samples', 'spa');
  const source = join(home, 'src');
  const outdir = join(home, 'dist');
  await mkdir(outdir, { recursive: true });
  await Promise.all([
    build({
      ...shared,
      entryPoints: { app: join(source, 'main.tsx') },
      outdir,
      format: 'esm',
      target: 'es2022',
      jsx: 'automatic',
      jsxImportSource: 'preact',
    }),
    build({
      ...shared,
      stdin: { contents: "import '@deskauth/spa/worker';", resolveDir: source },
      outfile: join(outdir, 'store-worker.js'),
      format: 'iife',
      target: 'es2022',
    }),
    build({ ...shared, entryPoints: [join(source, 'app.css')], outdir }),
    cp(join(source, 'mark.svg'), join(outdir, 'mark.svg')),
    cp(join(home, 'spa.settings.json'), join(outdir, 'settings.json')),
  ]);
  await writeFile(join(outdir, 'index.html'), await addIntegrity(join(source, 'index.html'), outdir));
}

/** The page names what its script and style must be: a host that serves something else in their place serves nothing. */
async function addIntegrity(page: string, outdir: string): Promise<string> {
  const digest = async (file: string) =>
    `sha384-${createHash('sha384')
      .update(await readFile(join(outdir, file)))
      .digest('base64')}`;
  const [script, style] = await Promise.all([digest('app.js'), digest('app.css')]);
  return (await readFile(page, 'utf8'))
    .replace('src="app.js"', `src="app.js" integrity="${script}"`)
    .replace('href="app.css"', `href="app.css" integrity="${style}"`);
}

const { sourcemap, logLevel } = shared;
await Promise.all([buildDesktopPage(join(DESKTOP, 'dist'), { sourcemap, logLevel }), buildSpa()]);
