import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** How an app is started. */
export interface StandInSettings {
  /** The app's main file (.js, .ts, .cjs), or a folder whose package.json names it. */
  readonly mainFile: string;
  readonly args?: readonly string[];
  /** @default process.env */
  readonly env?: NodeJS.ProcessEnv;
  /** @default process.cwd() */
  readonly cwd?: string;
  /** @default 'inherit' */
  readonly stdio?: StdioOptions;
  /** Node's own arguments. @default the `--conditions=…` of this process: a test runner has many more */
  readonly execArgv?: readonly string[];
}

/** Starts an app in the stand-in: a Node process of its own, and a Chromium that ends with it. */
export function startStandIn(settings: StandInSettings): ChildProcess {
  const { mainFile, args = [], env = process.env, cwd = process.cwd(), stdio = 'inherit' } = settings;
  const runner = fileURLToPath(new URL('./run.ts', import.meta.url));
  const execArgv = settings.execArgv ?? process.execArgv.filter((arg) => arg.startsWith('--conditions='));
  return spawn(process.execPath, [...execArgv, runner, mainFile, ...args], { env, cwd, stdio });
}
