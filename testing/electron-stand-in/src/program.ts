import { fileURLToPath } from 'node:url';

/** What Electron's binary has somewhere in it: a mark, and behind it the fuses, which packers set. */
export const FUSES = Buffer.concat([
  Buffer.from('dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'),
  Buffer.from([1, 9]),
  Buffer.from('101000011'),
]);

/**
 * A program that takes the place of Electron's binary in a packed app: started, it runs the archive in the folder
 * `resources` beside it. It has fuses, which do nothing.
 */
export function buildProgram(): Buffer {
  const runner = fileURLToPath(new URL('./run.ts', import.meta.url));
  const script = `#!/bin/sh
program=$(readlink -f -- "$0")
DESKAUTH_STAND_IN_PROGRAM=$program exec '${process.execPath}' --disable-warning=ExperimentalWarning '${runner}' "\${program%/*}/resources" "$@"
`;
  return Buffer.concat([Buffer.from(script), FUSES]);
}
