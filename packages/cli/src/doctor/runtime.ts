import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { requireRuntime, weaknessOfElectron, weaknessOfNode } from '@deskauth/node';
import type { AuthError } from '@deskauth/session';
import type { Finding } from './finding.ts';

/** Is this Node good enough, and without known holes? */
export function checkNode(version = process.versions.node): readonly Finding[] {
  try {
    requireRuntime({ ...process.versions, node: version });
  } catch (error) {
    const { message, next } = error as AuthError;
    return [{ check: 'Node', verdict: 'bad', says: message, next }];
  }
  const weakness = weaknessOfNode(version);
  return [
    weakness === undefined
      ? { check: 'Node', verdict: 'good', says: version }
      : { check: 'Node', verdict: 'note', says: weakness },
  ];
}

/** The Electron that the app in this folder is built with; nothing where it is no Electron app. */
export function checkElectron(folder = process.cwd()): readonly Finding[] {
  const version = installedElectron(folder);
  if (version === undefined) return [];
  const weakness = weaknessOfElectron(version);
  return [
    weakness === undefined
      ? { check: 'Electron', verdict: 'good', says: version }
      : { check: 'Electron', verdict: 'bad', says: weakness },
  ];
}

function installedElectron(folder: string): string | undefined {
  try {
    const file = createRequire(join(folder, 'package.json')).resolve('electron/package.json');
    return (JSON.parse(readFileSync(file, 'utf8')) as { version?: string }).version;
  } catch {
    return undefined;
  }
}
