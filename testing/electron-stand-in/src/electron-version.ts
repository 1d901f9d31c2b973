import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The version of Electron whose types this stand-in is checked against. */
export function electronVersion(): string {
  const manifest = fileURLToPath(import.meta.resolve('electron/package.json'));
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
}
