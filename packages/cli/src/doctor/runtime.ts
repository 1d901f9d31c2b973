import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { requireRuntime, weaknessOfElectron, weaknessOfNode } from '@deskauth/node';
import type { AuthError } from '@deskauth/session';
import type { Finding } from './finding.ts';

/** Is this Node good enough, and without known holes? */
export function checkNode(version = process.versions.node, program = process.execPath): readonly Finding[] {
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
      : { check: 'Node', verdict: 'note', says: weakness, next: whereFrom(program) },
  ];
}

/** A project may bring its own Node along: then the one on this machine, however new, is not what runs. */
function whereFrom(program: string): string {
  const [, name] = /[/\\]node_modules[/\\](node-[\w-]+|node)[/\\]/.exec(program) ?? [];
  return name === undefined
    ? 'Install one from https://nodejs.org or with what manages Node on this machine. Until then it works.'
    : `This one comes with the package ${name} of the project here: raise that, or, where it has no newer release, start deskauth with a Node of this machine. Until then it works.`;
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
