import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** What the app loads: compiled by `tsc -b`, and bundled by `build-samples.ts`. */
const BUILT = ['dist/main.js', 'dist/preload.cjs', 'dist/renderer/app.js', 'dist/renderer/index.html'];

/** The first file of the desktop sample that a build would have made and that is not there. */
export function findUnbuilt(folder: string): string | undefined {
  return BUILT.map((file) => join(folder, file)).find((file) => !existsSync(file));
}
