import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';

/** A worker as one file: it starts in a fraction of the time that its modules would take one by one. */
export interface WorkerFile extends AsyncDisposable {
  readonly path: string;
}

/** Bundles a worker of this folder; the file goes away with its owner. Native modules stay outside. */
export async function bundleWorker(name: string): Promise<WorkerFile> {
  // Inside the workspace, so that what stays outside is found from there.
  const path = join(import.meta.dirname, '..', '.deskauth', `${name}-${process.pid}.mjs`);
  await build({
    entryPoints: [join(import.meta.dirname, `${name}.ts`)],
    ...{ bundle: true, platform: 'node', format: 'esm', target: 'node20', conditions: ['source'] },
    external: ['fs-native-extensions', '@napi-rs/keyring'],
    outfile: path,
    logLevel: 'warning',
  });
  return { path, [Symbol.asyncDispose]: () => rm(path, { force: true }) };
}
