import { existsSync } from 'node:fs';
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

const BUILT = resolve('samples/spa/dist');
const FIRST_PORT = 3701;
const PORT_COUNT = 21;

/** The web app's client, for every port that the API may end up on: web redirect URIs match exactly. */
export function buildWebClient(origins: readonly string[] = ['http://127.0.0.1', 'http://localhost']) {
  const ports = Array.from({ length: PORT_COUNT }, (_, index) => FIRST_PORT + index);
  const addresses = ports.flatMap((port) => origins.map((origin) => `${origin}:${port}/`));
  const redirects = { redirectUris: addresses, postLogoutRedirectUris: addresses };
  return { clientId: 'deskauth-spa', name: 'Deskauth Web', type: 'web', ...redirects } as const;
}

/** The web app's files with the settings of this run, in a folder to serve; undefined where it is not built. */
export async function prepareWebApp(workspace: string, issuer: string): Promise<string | undefined> {
  if (!existsSync(join(BUILT, 'app.js'))) return undefined;
  const folder = join(workspace, 'web-app');
  await rm(folder, { recursive: true, force: true });
  await cp(BUILT, folder, { recursive: true });
  const file = join(folder, 'settings.json');
  const settings = JSON.parse(await readFile(file, 'utf8'));
  await writeFile(file, `${JSON.stringify({ ...settings, issuer }, null, 2)}\n`);
  return folder;
}
