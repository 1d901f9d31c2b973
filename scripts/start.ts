import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type DevAuthority, startDevAuthority } from '@deskauth/dev-authority';
import { startStandIn } from '@deskauth/electron-stand-in';
import { loadSettings } from '@deskauth/node';
import { startSampleApi } from '@deskauth/sample-api';
import { findUnbuilt } from './start/built.ts';
import { chooseHost, type HostChoice } from './start/choose-host.ts';
import { runTerminalApp } from './start/terminal-app.ts';
import { buildWebClient, prepareWebApp } from './start/web-app.ts';

const WORKSPACE = resolve('.deskauth');
const DESKTOP = resolve('samples/desktop');
const say = (text: string) => process.stdout.write(`${text}\n`);

const WORDS = 'npm start -- [--host electron|stand-in|terminal] [--admin]';

const { host, isAdminAsked } = readWords();
requireBuilt(host);
const ended = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => ended.abort());

await mkdir(WORKSPACE, { recursive: true, mode: 0o700 });
const authority = await startDevAuthority({
  directory: `${WORKSPACE}/authority`,
  clients: [buildWebClient()],
  admin: isAdminAsked,
  ...(isAdminAsked && { log: say }),
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
${describeAdmin(authority)}  app in      ${host.name}: ${host.because}

  Ctrl-C ends all of it.
`);

try {
  await runApp(host);
} finally {
  await api.stop();
  await authority.stop();
}

function readWords(): { host: HostChoice; isAdminAsked: boolean } {
  try {
    const flag = { type: 'boolean', default: false } as const;
    const { values } = parseArgs({ options: { host: { type: 'string' }, admin: flag, help: flag } });
    if (values.help) {
      say(WORDS);
      process.exit(0);
    }
    return { host: chooseHost(values.host), isAdminAsked: values.admin };
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n${WORDS}\n`);
    process.exit(2);
  }
}

/** A window without its preload script would be there, and empty. */
function requireBuilt({ name }: HostChoice): void {
  const missing = name === 'terminal' ? undefined : findUnbuilt(DESKTOP);
  if (missing === undefined) return;
  process.stderr.write(
    `The sample app is not built: there is no ${relative('.', missing)}. Run: npm run build\n`,
  );
  process.exit(1);
}

function describeAdmin({ admin }: DevAuthority): string {
  if (!admin) return '';
  const command = `curl -H @${relative('.', String(admin.headerFile))} ${admin.url}/faults`;
  return `  admin       ${command}\n              and a fault: … -d '{"at":"token","kind":"cut","times":1}'\n`;
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
