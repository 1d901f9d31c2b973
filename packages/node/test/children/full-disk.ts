/**
 * Saves on a small disk of its own, mounted at the directory that is the argument: while there is room, when it is
 * full, when there is room again, when it is read-only. Prints what came of it, as JSON.
 */
import { spawnSync } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { keyringStore, processLock } from '@deskauth/node';
import type { SessionRecord } from '@deskauth/session';
import { buildRecord } from '@deskauth/session/testing';
import { buildBigRecord } from '../big-record.ts';
import { noKeyring, owner } from '../store-fixture.ts';

const [directory = ''] = process.argv.slice(2);
const openStore = () => keyringStore({ ...owner, directory, keyring: noKeyring, weakerStorage: 'allow' });
const filler = join(directory, 'filler');
const told = (error: { code?: string; message?: string }) => [error.code, error.message];
const save = (generation: number, build: (generation: number) => SessionRecord = buildRecord) =>
  openStore()
    .save(build(generation))
    .then(() => 'saved', told);
const loaded = async () => (await openStore().load())?.generation;
const locked = () => processLock(join(directory, 'new.lock')).hold(async () => 'worked');

const report: Record<string, unknown> = { withRoom: await save(1) };
await writeFile(filler, new Uint8Array(1024 * 1024)).catch(() => undefined);
report.full = await save(2, buildBigRecord);
report.afterFull = await loaded();
await rm(filler);
report.roomAgain = await save(3);
spawnSync('mount', ['-o', 'remount,ro', directory]);
report.readOnly = await save(4);
report.afterReadOnly = await loaded();
report.lock = await locked();
console.log(JSON.stringify(report));
