import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** A screen in memory with a window manager. */
export interface Screen {
  readonly env: { readonly DISPLAY: string };
  /** Runs a program on it. @returns what it prints */
  run(program: string, ...args: string[]): string;
  stop(): Promise<void>;
}

const PROGRAMS = ['Xvfb', 'openbox', 'xdotool', 'import'];

/** Why there can be no screen here, if so. */
export function whyNoScreen(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const missing = PROGRAMS.filter((name) => !folders.some((folder) => isProgram(join(folder, name))));
  return missing.length > 0 ? `Not installed: ${missing.join(', ')}.` : undefined;
}

/** Starts one with a number of its own. */
export async function startScreen(): Promise<Screen> {
  const server = spawn('Xvfb', ['-displayfd', '1', '-screen', '0', '1000x700x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [number] = (await once(server.stdout, 'data')) as [Buffer];
  const env = { DISPLAY: `:${String(number).trim()}` };
  const manager = spawn('openbox', { env: { ...process.env, ...env }, stdio: 'ignore' });
  return {
    env,
    run: (program, ...args) =>
      execFileSync(program, args, { encoding: 'utf8', env: { ...process.env, ...env } }),
    async stop() {
      await end(manager);
      await end(server);
    },
  };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill();
  await once(child, 'exit');
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
