import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { startDevAuthority } from '@deskauth/dev-authority';
import { startStandIn } from '@deskauth/electron-stand-in';
import { loadSettings } from '@deskauth/node';
import { startSampleApi } from '@deskauth/sample-api';
import { chooseHost, type HostChoice } from './start/choose-host.ts';
import { runTerminalApp } from './start/terminal-app.ts';
import { buildWebClient, prepareWebApp } from './start/web-app.ts';

const WORKSPACE = resolve('.deskauth');
const DESKTOP = resolve('samples/desktop');
const say = (text: string) => process.stdout.write(`${text}\n`);

const host = readHost();
const ended = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => ended.abort());

await mkdir(WORKSPACE, { recursive: true, mode: 0o700 });
const authority = await startDevAuthority({
  directory: `${WORKSPACE}/authority`,
  clients: [buildWebClient()],
});
const { issuer, apiAudience: audience } = authority;
const staticFolder = await prepareWebApp(WORKSPACE, issuer);
const api = await startSampleApi({
  ...{ issuer, audience, allowHttp: true, allowRehearsal: true, logLevel: 'warn' },
  ...(staticFolder && { staticFolder }),
});
const settingsFile = await writeDesktopSettings();

say(`
  authority   ${issuer}   for development only
  API         ${api.url}   (try ${api.url}/private)
  web app     ${staticFolder ? `${api.url}/` : 'not built: npm run build'}
  users       ${authority.users.map(({ username }) => username).join(', ')}; password: deskauth
  app in      ${host.name}: ${host.because}

  Ctrl-C ends all of it.
`);

try {
  await runApp(host);
} finally {
  await api.stop();
  await authority.stop();
}

function readHost(): HostChoice {
  try {
    return chooseHost(parseArgs({ options: { host: { type: 'string' } } }).values.host);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\nnpm start -- --host electron|stand-in|terminal\n`);
    process.exit(2);
  }
}

async function runApp({ name, program }: HostChoice): Promise<void> {
  if (name === 'terminal') {
    // What the desktop app has beside the settings of a session: there is no scheme in a terminal.
    const { apiAddress, redirect, scheme, redirectPage, ...settings } = await loadSettings(settingsFile, [
      ...['apiAddress', 'redirect', 'scheme', 'redirectPage'],
    ]);
    return runTerminalApp(settings, api.url, ended.signal);
  }
  const argument = `--settings=${settingsFile}`;
  const isElectron = name === 'electron' && program !== undefined;
  const child = isElectron
    ? spawn(program, [DESKTOP, argument], { stdio: 'inherit' })
    : startStandIn({ mainFile: DESKTOP, args: [argument] });
  ended.signal.addEventListener('abort', () => child.kill('SIGTERM'));
  await exited(child);
}

/** The sample's own settings, with the addresses of this run. */
async function writeDesktopSettings(): Promise<string> {
  const template = JSON.parse(await readFile(`${DESKTOP}/desktop.settings.json`, 'utf8'));
  const file = `${WORKSPACE}/desktop.settings.json`;
  await writeFile(file, `${JSON.stringify({ ...template, issuer, apiAddress: api.url }, null, 2)}\n`);
  return file;
}

function exited(child: ChildProcess): Promise<void> {
  return new Promise((done, fail) => child.once('exit', () => done()).once('error', fail));
}
