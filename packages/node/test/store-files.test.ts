import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmod,
  chown,
  copyFile,
  link,
  mkdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { dirname } from 'node:path';
import { test } from 'node:test';
import { buildRecord } from '@deskauth/session/testing';
import { FlattenedEncrypt } from 'jose';
import { type Machine, makeMachine, namesIn, noKeyring, owner } from './store-fixture.ts';

const KEY_FILE = { keyring: noKeyring, weakerStorage: 'allow' } as const;
const POSIX = { skip: process.platform === 'win32' && 'file modes and links of POSIX' };
const ROOT = { skip: process.getuid?.() !== 0 && 'only root can give files away' };

const modeOf = async (path: string) => (await stat(path)).mode & 0o777;

test('STORE-01 files are 0600 and the folder 0700, whatever the umask', POSIX, async (t) => {
  const machine = await makeMachine(t);
  const before = process.umask(0o000);
  t.after(() => process.umask(before));
  await machine.openStore(KEY_FILE).save(buildRecord());
  assert.equal(await modeOf(machine.directory), 0o700);
  for (const ending of ['.session', '.key']) assert.equal(await modeOf(await machine.fileOf(ending)), 0o600);
});

test('STORE-01 a file that others may read is closed to them when it is next read', POSIX, async (t) => {
  const machine = await makeMachine(t);
  await machine.openStore(KEY_FILE).save(buildRecord());
  for (const ending of ['.session', '.key']) await chmod(await machine.fileOf(ending), 0o666);
  assert.deepEqual(await machine.openStore(KEY_FILE).load(), buildRecord());
  for (const ending of ['.session', '.key']) assert.equal(await modeOf(await machine.fileOf(ending)), 0o600);
});

const b64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** What a file can be turned into, from what it was. */
const DAMAGE: readonly [name: string, damage: (text: string) => string | Uint8Array][] = [
  ['empty', () => ''],
  ['all NUL, as after a power cut', (text) => new Uint8Array(text.length)],
  ['cut off after one byte', (text) => text.slice(0, 1)],
  ['cut off in the middle', (text) => text.slice(0, text.length / 2)],
  ['cut off by one byte', (text) => text.slice(0, -1)],
  ['with one letter of the ciphertext changed', (text) => flip(text, 'ciphertext')],
  ['with one letter of the tag changed', (text) => flip(text, 'tag')],
  ['with one letter of the IV changed', (text) => flip(text, 'iv')],
  [
    'with the second half of another file',
    (text) => text.slice(0, text.length / 2) + text.slice(0, text.length / 2),
  ],
  ['random bytes', () => randomBytes(500)],
  ...['null', '[]', '{}', '5', '"text"', '{"protected":5}', `{"protected":"${b64(null)}"}`].map(
    (json) => [`the JSON ${json}`, () => json] as [string, () => string],
  ),
  ['without its tag', (text) => JSON.stringify({ ...JSON.parse(text), tag: undefined })],
  [
    'with another algorithm in the header',
    (text) =>
      JSON.stringify({
        ...JSON.parse(text),
        protected: b64({ alg: 'none', enc: 'A256GCM', typ: 'deskauth-session+jwe', kid: 'keyring' }),
      }),
  ],
  [
    'with a header outside of the seal',
    (text) => JSON.stringify({ ...JSON.parse(text), unprotected: { zip: 'DEF' } }),
  ],
];

function flip(text: string, member: string): string {
  const sealed = JSON.parse(text);
  const value: string = sealed[member];
  return JSON.stringify({ ...sealed, [member]: (value.startsWith('A') ? 'B' : 'A') + value.slice(1) });
}

for (const [name, damage] of DAMAGE)
  test(`STORE-06 a session file that is ${name} means no session, told once, and the next sign-in is kept`, async (t) => {
    const machine = await makeMachine(t);
    await machine.openStore().save(buildRecord(1));
    const file = await machine.fileOf('.session');
    await writeFile(file, damage(await readFile(file, 'utf8')));
    await assert.rejects(machine.openStore().load(), (error: Error & { code?: string }) => {
      assert.ok(error.code === 'AUTH_STORE_UNREADABLE', `${error.code}: ${error.message}`);
      assert.doesNotMatch(error.message, /access-1|refresh-1/);
      return true;
    });
    assert.equal(await machine.openStore().load(), undefined);
    await machine.openStore().save(buildRecord(2));
    assert.deepEqual(await machine.openStore().load(), buildRecord(2));
  });

test('STORE-07 what a crash left half-written is never loaded', async (t) => {
  const machine = await makeMachine(t);
  await machine.openStore().save(buildRecord(1));
  const file = await machine.fileOf('.session');
  await writeFile(`${file}.22222222-2222-4222-8222-222222222222.new`, (await readFile(file)).subarray(0, 40));
  assert.deepEqual(await machine.openStore().load(), buildRecord(1));
});

/** Seals any value as the store would. */
async function sealByHand(machine: Machine, value: unknown, typ = 'deskauth-session+jwe'): Promise<void> {
  const file = await machine.fileOf('.session');
  const slot = file.split('/').at(-1)?.split('.')[0] ?? '';
  const sealed = await new FlattenedEncrypt(
    Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)),
  )
    .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', typ, kid: 'keyring' })
    .setAdditionalAuthenticatedData(Buffer.from(slot))
    .encrypt(machine.keyring.key ?? new Uint8Array());
  await writeFile(file, JSON.stringify(sealed));
}

test('STORE-10 a record of a later version is refused politely and stays where it is', async (t) => {
  const machine = await makeMachine(t);
  await machine.openStore().save(buildRecord(1));
  await sealByHand(machine, { ...buildRecord(1), version: 2 });
  const later = await readFile(await machine.fileOf('.session'), 'utf8');
  for (let start = 0; start < 2; start += 1)
    await assert.rejects(machine.openStore().load(), {
      code: 'AUTH_STORE_UNREADABLE',
      message: /format .* this version does not know/,
    });
  assert.equal(await readFile(await machine.fileOf('.session'), 'utf8'), later);
});

test('STORE-10 an envelope of a later version is refused politely and stays where it is', async (t) => {
  const machine = await makeMachine(t);
  await machine.openStore().save(buildRecord(1));
  await sealByHand(machine, buildRecord(1), 'deskauth-session-2+jwe');
  for (let start = 0; start < 2; start += 1)
    await assert.rejects(machine.openStore().load(), {
      code: 'AUTH_STORE_UNREADABLE',
      message: /format .* this version does not know/,
    });
});

test('STORE-11 an older file put back is an older session, and nothing worse', async (t) => {
  const machine = await makeMachine(t);
  await machine.openStore().save(buildRecord(1));
  const file = await machine.fileOf('.session');
  await copyFile(file, `${file}.backup`);
  await machine.openStore().save(buildRecord(2));
  await rename(`${file}.backup`, file);
  assert.deepEqual(await machine.openStore().load(), buildRecord(1));
});

test('STORE-12 a symbolic link is not followed, neither to read nor to write', POSIX, async (t) => {
  const machine = await makeMachine(t);
  await machine.openStore().save(buildRecord(1));
  const file = await machine.fileOf('.session');
  const elsewhere = `${dirname(machine.directory)}/elsewhere`;
  await rename(file, elsewhere);
  await symlink(elsewhere, file);
  await assert.rejects(machine.openStore().load(), {
    code: 'AUTH_STORE_UNAVAILABLE',
    message: /it is a link/,
  });
  const target = await readFile(elsewhere);
  await machine.openStore().save(buildRecord(2));
  assert.deepEqual(await readFile(elsewhere), target, 'the target of the link is untouched');
  assert.deepEqual(await machine.openStore().load(), buildRecord(2));
});

test('STORE-12 a link in place of the key file is not followed', POSIX, async (t) => {
  const machine = await makeMachine(t);
  await machine.openStore(KEY_FILE).save(buildRecord(1));
  const file = await machine.fileOf('.key');
  const elsewhere = `${dirname(machine.directory)}/elsewhere`;
  await rename(file, elsewhere);
  await symlink(elsewhere, file);
  await assert.rejects(machine.openStore(KEY_FILE).load(), { code: 'AUTH_STORE_UNAVAILABLE' });
});

test('STORE-12 a file with a second name is not used', POSIX, async (t) => {
  const machine = await makeMachine(t);
  await machine.openStore().save(buildRecord(1));
  await link(await machine.fileOf('.session'), `${dirname(machine.directory)}/second-name`);
  await assert.rejects(machine.openStore().load(), {
    code: 'AUTH_STORE_UNAVAILABLE',
    message: /second name/,
  });
  await machine.openStore().save(buildRecord(2));
  assert.deepEqual(await machine.openStore().load(), buildRecord(2));
});

test('STORE-12 a pipe or a folder in place of the file is refused and hangs nothing', POSIX, async (t) => {
  const machine = await makeMachine(t);
  await machine.openStore().save(buildRecord(1));
  const file = await machine.fileOf('.session');
  await rm(file);
  assert.equal(spawnSync('mkfifo', [file]).status, 0);
  await assert.rejects(machine.openStore().load(), { code: 'AUTH_STORE_UNAVAILABLE', message: /not a file/ });
  await rm(file);
  await mkdir(file);
  await assert.rejects(machine.openStore().load(), { code: 'AUTH_STORE_UNAVAILABLE', message: /not a file/ });
  await assert.rejects(machine.openStore().save(buildRecord(2)), { code: 'AUTH_STORE_UNAVAILABLE' });
  assert.deepEqual((await namesIn(machine.directory)).length, 1, 'nothing half-written stays behind');
});

test(
  "STORE-19 a run with sudo neither reads nor replaces nor removes the user's own session",
  ROOT,
  async (t) => {
    const machine = await makeMachine(t);
    await machine.openStore().save(buildRecord(1));
    const file = await machine.fileOf('.session');
    const users = await readFile(file);
    await chown(file, 65534, 65534);
    await assert.rejects(machine.openStore().load(), {
      code: 'AUTH_STORE_UNAVAILABLE',
      message: /another user/,
    });
    await assert.rejects(machine.openStore().save(buildRecord(2)), {
      code: 'AUTH_STORE_UNAVAILABLE',
      message: /another user/,
    });
    await machine.openStore().clear();
    assert.deepEqual(await readFile(file), users);
    assert.equal((await stat(file)).uid, 65534);
  },
);

test('STORE-20 REF-27 a file moved to another app, issuer or client does not open there, even with its key', async (t) => {
  for (const change of [{ appName: 'Other' }, { issuer: `${owner.issuer}/` }, { clientId: 'other' }]) {
    const machine = await makeMachine(t);
    const other = { ...KEY_FILE, ...change };
    await machine.openStore(other).save(buildRecord(1));
    const [session, key] = [await machine.fileOf('.session'), await machine.fileOf('.key')];
    await machine.openStore(KEY_FILE).save(buildRecord(2));
    for (const name of await namesIn(machine.directory)) {
      const path = `${machine.directory}/${name}`;
      if (path !== session && name.endsWith('.session')) await copyFile(session, path);
      if (path !== key && name.endsWith('.key')) await copyFile(key, path);
    }
    await assert.rejects(machine.openStore(KEY_FILE).load(), { code: 'AUTH_STORE_UNREADABLE' });
  }
});

test('STORE-14 what is loaded is plain data: prototype keys pollute nothing', async (t) => {
  const machine = await makeMachine(t);
  await machine.openStore().save(buildRecord(1));
  const json = JSON.stringify(buildRecord(1)).replace(
    '{',
    '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},',
  );
  await sealByHand(machine, json);
  const record = await machine.openStore().load();
  assert.equal(record?.generation, 1);
  assert.equal(({} as { polluted?: boolean }).polluted, undefined);
});

test('STORE-16 a record of 1 MB is kept; one that could never be loaded again is refused, and the old one stays', async (t) => {
  const machine = await makeMachine(t);
  const sized = (generation: number, bytes: number) => ({
    ...buildRecord(generation),
    tokens: { ...buildRecord(generation).tokens, idToken: 'x'.repeat(bytes) },
  });
  await machine.openStore().save(sized(1, 1024 * 1024));
  assert.deepEqual(await machine.openStore().load(), sized(1, 1024 * 1024));
  await assert.rejects(machine.openStore().save(sized(2, 4 * 1024 * 1024)), {
    code: 'AUTH_STORE_UNAVAILABLE',
    message: /too large/,
  });
  assert.deepEqual(await machine.openStore().load(), sized(1, 1024 * 1024));
});

test('STORE-08 a folder that is no folder is told as unavailable, by name, and clear() is no error', async (t) => {
  const machine = await makeMachine(t);
  await writeFile(machine.directory, 'in the way');
  for (const work of [() => machine.openStore().save(buildRecord()), () => machine.openStore().load()])
    await assert.rejects(work(), (error: Error & { code?: string }) => {
      assert.equal(error.code, 'AUTH_STORE_UNAVAILABLE');
      assert.ok(error.message.includes(machine.directory), error.message);
      return true;
    });
  await machine.openStore().clear();
});
