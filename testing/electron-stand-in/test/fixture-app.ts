import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { chromium, type Page } from 'playwright-core';
import { startStandIn } from '../src/index.ts';

/** The fixture, running, with a test driver at its window. */
export interface FixtureApp {
  readonly child: ChildProcess;
  readonly page: Page;
  /** Everything that it has printed. */
  output(): string;
  /** All windows that it has now. */
  pages(): Page[];
  /** The addresses that it has given to the system's browser. */
  opened(): string[];
  /** Its environment, to run other programs in. */
  readonly env: NodeJS.ProcessEnv;
  /** Another start of the same app, which ends by itself. @returns what it printed */
  startAgain(...args: string[]): Promise<string>;
  /** Resolves with its exit code. */
  readonly ended: Promise<number | null>;
  stop(): Promise<void>;
}

const mainFile = join(import.meta.dirname, 'fixture', 'main.ts');

/** Starts it with a throw-away home. @param more further environment */
export async function startFixture(more: NodeJS.ProcessEnv = {}): Promise<FixtureApp> {
  const home = await mkdtemp(join(tmpdir(), 'stand-in-test-'));
  const debugFile = join(home, 'endpoint');
  const env = {
    ...process.env,
    HOME: home,
    XDG_CONFIG_HOME: home,
    XDG_DATA_HOME: home,
    DESKAUTH_STAND_IN_HEADLESS: '1',
    DESKAUTH_STAND_IN_BROWSER: await writeBrowser(home),
    ...more,
  };
  const debug = { DESKAUTH_STAND_IN_DEBUG_PORT: '0', DESKAUTH_STAND_IN_DEBUG_FILE: debugFile };
  const child = startStandIn({
    mainFile,
    env: { ...env, ...debug },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const output = collect(child);
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  const browser = await chromium.connectOverCDP(await appears(debugFile, child, output));
  const pages = () => browser.contexts().flatMap((context) => context.pages());

  return {
    child,
    env,
    page: await firstPage(pages),
    output,
    pages,
    ended,
    opened: () => readLines(join(home, 'opened')),
    async startAgain(...args) {
      const second = startStandIn({ mainFile, args, env, cwd: home, stdio: ['ignore', 'pipe', 'pipe'] });
      const printed = collect(second);
      await once(second, 'exit');
      return printed();
    },
    async stop() {
      await browser.close().catch(() => {});
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
      await ended;
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** A browser that writes down what it is asked to open. */
async function writeBrowser(home: string): Promise<string> {
  const path = join(home, 'browser');
  await writeFile(path, '#!/bin/sh\nprintf "%s\\n" "$1" >> "$HOME/opened"\n', { mode: 0o755 });
  return path;
}

function readLines(file: string): string[] {
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
}

function collect(child: ChildProcess): () => string {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
  }
  return () => text;
}

async function appears(file: string, child: ChildProcess, output: () => string): Promise<string> {
  while (child.exitCode === null) {
    const text = await readFile(file, 'utf8').catch(() => '');
    if (text) return text;
    await wait(20);
  }
  throw new Error(`The fixture ended before it was up:\n${output()}`);
}

async function firstPage(pages: () => Page[]): Promise<Page> {
  for (;;) {
    const page = pages().find((one) => one.url().startsWith('https://bundle.app.invalid/'));
    if (page) {
      await page.waitForLoadState();
      return page;
    }
    await wait(20);
  }
}
