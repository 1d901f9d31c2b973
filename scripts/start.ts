import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { requireLocalDomain } from '@deskauth/cli';
import { type DevAuthority, startDevAuthority } from '@deskauth/dev-authority';
import { startStandIn } from '@deskauth/electron-stand-in';
import { loadSettings } from '@deskauth/node';
import { startSampleApi } from '@deskauth/sample-api';
import { findUnbuilt } from './start/built.ts';
import { chooseHost, type HostChoice } from './start/choose-host.ts';
import { type LocalHttps, prepareLocalHttps } from './start/local-https.ts';
import { runTerminalApp } from './start/terminal-app.ts';
import { buildWebClient, prepareWebApp } from './start/web-app.ts';

const WORKSPACE = resolve('.deskauth');
const DESKTOP = resolve('samples/desktop');
const say = (text: string) => process.stdout.write(`${text}\n`);

const WORDS = 'npm start -- [--host electron|stand-in|terminal] [--admin] [--https [--domain NAME]]';

const { host, isAdminAsked, isHttpsAsked, domain } = readWords();
requireBuilt(host);
const ended = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => ended.abort());

await mkdir(WORKSPACE, { recursive: true, mode: 0o700 });
const local = isHttpsAsked ? await prepareLocalHttps(WORKSPACE, domain) : undefined;
const authority = await startDevAuthority({
  directory: `${WORKSPACE}/authority`,
  clients: [buildWebClient(local && [`https://web.${local.domain}`])],
  ...(local && { https: { ...local.files, name: `login.${local.domain}` } }),
  admin: isAdminAsked,
  ...(isAdminAsked && { log: say }),
});
const { issuer, apiAudience: audience } = authority;
const staticFolder = await prepareWebApp(WORKSPACE, issuer);
const api = await startSampleApi(
  {
    ...{ issuer, audience, allowHttp: true, allowRehearsal: true, logLevel: 'warn' },
    ...(staticFolder && { staticFolder }),
    ...(local && { https: local.files }),
  },
  local && { fetch: local.fetch },
);
const apiUrl = addressOf('api', local, api.url);
const settingsFile = await writeDesktopSettings();

say(`
  authority   ${issuer}   for development only
  API         ${apiUrl}   (try ${apiUrl}/private)
  web app     ${staticFolder ? `${addressOf('web', local, api.url)}/` : 'not built: npm run build'}
  users       ${authority.users.map(({ username }) => username).join(', ')}; password: deskauth
${describeAdmin(authority)}${describeHttps(local)}  app in      ${host.name}: ${host.because}

  Ctrl-C ends all of it.
`);

try {
  await runApp(host);
} finally {
  await api.stop();
  await authority.stop();
}

function readWords() {
  try {
    const flag = { type: 'boolean', default: false } as const;
    const text = { type: 'string' } as const;
    const options = { host: text, domain: text, admin: flag, https: flag, help: flag };
    const { values } = parseArgs({ options });
    if (values.help) {
      say(WORDS);
      process.exit(0);
    }
    const { admin: isAdminAsked, https: isHttpsAsked, domain: name } = values;
    if (name !== undefined && !isHttpsAsked) throw new Error('--domain goes with --https.');
    const domain = name === undefined ? name : requireLocalDomain(name);
    return { host: chooseHost(values.host), isAdminAsked, isHttpsAsked, domain };
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

/** Where a part of the app is: under its own name, or at the address of the one server that has them all. */
function addressOf(part: 'web' | 'api', https: LocalHttps | undefined, url: string): string {
  return https ? `https://${part}.${https.domain}:${new URL(url).port}` : url;
}

function describeHttps(https: LocalHttps | undefined): string {
  if (!https) return '';
  const command = `npx deskauth certs --domain ${https.domain}`;
  return `  root        ${relative('.', https.caFile)}   trust it, and find the names: ${command}\n`;
}

async function runApp({ name, program }: HostChoice): Promise<void> {
  if (name === 'terminal') {
    // What the desktop app has beside the settings of a session: there is no scheme in a terminal.
    const { apiAddress, redirect, scheme, redirectPage, ...settings } = await loadSettings(settingsFile, [
      ...['apiAddress', 'redirect', 'scheme', 'redirectPage'],
    ]);
    return runTerminalApp(settings, apiUrl, ended.signal);
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
  const settings = { ...template, issuer, apiAddress: apiUrl, ...(local && { caFile: local.caFile }) };
  await writeFile(file, `${JSON.stringify(settings, null, 2)}\n`);
  return file;
}

function exited(child: ChildProcess): Promise<void> {
  return new Promise((done, fail) => child.once('exit', () => done()).once('error', fail));
}
