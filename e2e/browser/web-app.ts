import { existsSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DevAuthority, startDevAuthority } from '@deskauth/dev-authority';
import { startSampleApi } from '@deskauth/sample-api';
import type { BrowserContext, Page } from 'playwright-core';
import type { LocalHttps } from '../../scripts/start/local-https.ts';
import { noBrowser } from './chromium.ts';
import { signInOnPage } from './sign-in-page.ts';

const BUILT = join(import.meta.dirname, '../../samples/spa/dist');

/** For `test(name, { skip })`: false, or the reason why the web app cannot be tried here. */
export const noWebApp: string | false =
  noBrowser || (existsSync(join(BUILT, 'app.js')) ? false : 'samples/spa is not built: npm run build');

/** The web sample, served by its real API and with a real authority. */
export interface WebApp {
  readonly url: string;
  readonly authority: DevAuthority;
  stop(): Promise<void>;
}

/** Starts all of it, on free ports. @param local by https, at the names of this domain @default http, at 127.0.0.1 */
export async function startWebApp(local?: LocalHttps): Promise<WebApp> {
  const port = await freePort();
  const url = local ? `https://web.${local.domain}:${port}` : `http://127.0.0.1:${port}`;
  const client = { clientId: 'deskauth-spa', name: 'Deskauth Web', type: 'web' } as const;
  const authority = await startDevAuthority({
    port: 0,
    ...(local && { https: { ...local.files, name: `login.${local.domain}` } }),
    clients: [{ ...client, redirectUris: [`${url}/`], postLogoutRedirectUris: [`${url}/`] }],
  });
  const { issuer, apiAudience: audience } = authority;
  const staticFolder = await copyPages(issuer);
  const tokens = { issuer, audience, allowHttp: true };
  const served = { port, staticFolder, ...(local && { https: local.files }) };
  const api = await startSampleApi(
    { ...tokens, ...served, allowRehearsal: true, logLevel: 'silent' },
    local && { fetch: local.fetch },
  );
  return {
    ...{ url, authority },
    async stop() {
      await api.stop();
      await authority.stop();
      await rm(staticFolder, { recursive: true });
    },
  };
}

/** The built pages, with the settings of this run. */
async function copyPages(issuer: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'deskauth-web-'));
  await cp(BUILT, folder, { recursive: true });
  const file = join(folder, 'settings.json');
  await writeFile(file, JSON.stringify({ ...JSON.parse(await readFile(file, 'utf8')), issuer }));
  return folder;
}

/** The authority has to know the redirect URI before the API that serves the page is started. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

/** Opens this address of the web app and signs in there. */
export async function signIn(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await signInOnPage(page, 'europe');
}

/** Chooses a command of the menu behind the user's name. */
export async function choose(page: Page, command: string): Promise<void> {
  await page.getByRole('button', { name: 'Europe Analyst' }).click();
  await page.getByRole('button', { name: command, exact: true }).click();
}

/** Notes what pages ask of the authority: `authorize`, and at the token endpoint `code` or `refresh`. */
export function noteRequests(context: BrowserContext, { authority }: Pick<WebApp, 'authority'>): string[] {
  const notes: string[] = [];
  context.on('request', (request) => {
    const { origin, pathname } = new URL(request.url());
    if (origin !== authority.issuer) return;
    const grant = new URLSearchParams(request.postData() ?? '').get('grant_type');
    if (pathname === '/token') notes.push(grant === 'refresh_token' ? 'refresh' : 'code');
    if (pathname === '/authorize') notes.push('authorize');
  });
  return notes;
}
