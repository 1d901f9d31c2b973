import { generateKeyPair, randomBytes, randomUUID } from 'node:crypto';
import { appendFile, chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { JWK } from 'oidc-provider';

/** What an authority needs to keep secret. Made per workspace, so no two installations share a key. */
export interface WorkspaceSecrets {
  /** Private keys; the first one signs, the others stay published for tokens that are still alive. */
  signingKeys: JWK[];
  cookieKeys: string[];
  apiClientSecret: string;
}

const FILE_NAME = 'dev-authority-secrets.json';
const NOTE =
  'Keys of the Deskauth development authority. For development only; delete this file to get new ones.';

/**
 * Reads the secrets of a workspace, or makes and saves new ones.
 * @param directory undefined: new secrets that live in memory only
 * @throws Error when the file exists but cannot be used; the message names the file
 */
export async function loadWorkspaceSecrets(directory: string | undefined): Promise<WorkspaceSecrets> {
  if (directory === undefined) return createSecrets();
  const file = join(directory, FILE_NAME);
  const text = await readIfPresent(file);
  if (text !== undefined) {
    await chmod(file, 0o600);
    return parseSecrets(text, file);
  }
  const secrets = await createSecrets();
  await saveWorkspaceSecrets(directory, secrets);
  return secrets;
}

/** Writes the secrets, readable by their owner only and ignored by git. Without a directory it does nothing. */
export async function saveWorkspaceSecrets(
  directory: string | undefined,
  secrets: WorkspaceSecrets,
): Promise<void> {
  if (directory === undefined) return;
  const created = await mkdir(directory, { recursive: true, mode: 0o700 });
  for (const pattern of created === undefined ? [`${FILE_NAME}*`, 'admin*.header'] : ['*'])
    await keepOutOfGit(directory, pattern);
  const file = join(directory, FILE_NAME);
  const temporary = `${file}.${randomUUID()}`;
  await writeFile(temporary, `${JSON.stringify({ note: NOTE, ...secrets }, null, 2)}\n`, { mode: 0o600 });
  await rename(temporary, file);
}

/** Adds a line to the folder's .gitignore. A folder that was there before may hold more than our secrets. */
async function keepOutOfGit(directory: string, pattern: string): Promise<void> {
  const file = join(directory, '.gitignore');
  const text = (await readIfPresent(file)) ?? '';
  const lines = text.split('\n');
  if (lines.includes('*') || lines.includes(pattern)) return;
  await appendFile(file, `${text === '' || text.endsWith('\n') ? '' : '\n'}${pattern}\n`);
}

/** Makes an RS256 signing key. Its id says that it is a development key, also where only a token is seen. */
export async function createSigningKey(): Promise<JWK> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  const jwk = privateKey.export({ format: 'jwk' }) as JWK;
  return { ...jwk, kid: `development-${randomBytes(6).toString('hex')}`, use: 'sig', alg: 'RS256' };
}

async function createSecrets(): Promise<WorkspaceSecrets> {
  return {
    signingKeys: [await createSigningKey()],
    cookieKeys: [randomBytes(32).toString('base64url')],
    apiClientSecret: randomBytes(32).toString('base64url'),
  };
}

async function readIfPresent(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function parseSecrets(text: string, file: string): WorkspaceSecrets {
  const { signingKeys, cookieKeys, apiClientSecret } = parseObject(text);
  const usable =
    isList(signingKeys, (key) => typeof (key as JWK | null)?.kid === 'string') &&
    isList(cookieKeys, (key) => typeof key === 'string') &&
    typeof apiClientSecret === 'string';
  if (!usable) {
    throw new Error(`${file} is not a secrets file of the development authority. Delete it to get new keys.`);
  }
  return { signingKeys: signingKeys as JWK[], cookieKeys: cookieKeys as string[], apiClientSecret };
}

function parseObject(text: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}

function isList(value: unknown, isMember: (member: unknown) => boolean): boolean {
  return Array.isArray(value) && value.length > 0 && value.every(isMember);
}
