import { join } from 'node:path';
import { memoryLock, type SessionRecord } from '@deskauth/session';
import { dataDirectory } from '../data-directory.ts';
import { chooseTier, loadOrCreate, noWeaker, probe, removeKey, type Tiers } from './choose-tier.ts';
import { createConsent } from './consent.ts';
import { withKey } from './key.ts';
import { withFileFaults } from './private-file.ts';
import { type PassedOverTier, type ReportingTokenStore, reportOf, type StorageReport } from './report.ts';
import { type KnownRecord, knownOf, loadSaved, openSaved } from './saved-record.ts';
import { keptByOf, sealRecord } from './sealed-record.ts';
import { sealedRequest } from './sealed-request.ts';
import { sessionFiles } from './session-files.ts';
import { requireOwner, slotOf } from './slot.ts';
import { buildTiers, type KeyringStoreOptions } from './store-options.ts';
import { tierUnavailable } from './tiers.ts';

/**
 * The token store of a machine: the record encrypted in a file that only this user can read, its key in the strongest
 * place there is, first of all the operating system's keyring. The file itself says what keeps its key. A save goes to
 * a stronger place as soon as there is one, and never to a weaker one than before: then it is held in memory until the
 * stronger one is back.
 * @throws AuthError `AUTH_SETTINGS_INVALID` unless it is said whose session it keeps
 */
export function keyringStore(options: KeyringStoreOptions): ReportingTokenStore {
  requireOwner(options);
  const slot = slotOf(options);
  const directory = options.directory ?? dataDirectory(options.appName);
  const files = sessionFiles(directory, slot);
  const tiers = buildTiers(options, directory, slot);
  const consent = createConsent(options.weakerStorage ?? 'refuse', join(directory, 'weaker-storage.json'));
  const turns = memoryLock();
  /** What could not go to disk, and what was there at the time. */
  let held: { readonly record: SessionRecord; readonly over: string | undefined } | undefined;
  let known: KnownRecord | undefined;
  let isRecovered = false;

  async function load(): Promise<SessionRecord | undefined> {
    const { record, over } = held ?? {};
    if (record && (await files.read().catch(() => over)) === over) return structuredClone(record);
    held = undefined; // Another process has saved since, or has signed out.
    const saved = await loadSaved({ files, tiers, slot, known });
    known = saved && knownOf(saved.record);
    isRecovered ||= saved?.isRecovered === true;
    return saved?.record;
  }

  async function save(record: SessionRecord): Promise<void> {
    const before = await files.read().catch(() => undefined);
    const keptBy = keptByOf(before);
    const { found, passedOver } = await chooseTier(noWeaker(tiers, keptBy), consent, loadOrCreate);
    if (!found) return hold(record, before, passedOver);
    const { tier, value } = found;
    const text = await withKey(value, (key) => sealRecord(record, key, tier, slot));
    // The save before is kept for the same session only: nobody comes back as somebody else.
    const isRenewed = keptBy === tier && known !== undefined && known.sessionId === record.sessionId;
    await files.write(text, isRenewed ? before : undefined);
    known = knownOf(record);
    held = undefined;
    isRecovered = false;
    if (keptBy !== undefined && keptBy !== tier) await removeKey(tiers.get(keptBy));
  }

  async function hold(
    record: SessionRecord,
    over: string | undefined,
    passedOver: readonly PassedOverTier[],
  ) {
    held = { record: structuredClone(record), over };
    const isAllowed = await consent.decision();
    if (isAllowed === undefined) askConsent(passedOver);
    const keptBy = keptByOf(over);
    if (keptBy === undefined) return;
    if (keptBy === 'key-file' && isAllowed === false) {
      await files.removeAll();
      held = { ...held, over: undefined };
      return;
    }
    const { fault = 'absent', reason } = passedOver.find(({ tier }) => tier === keptBy) ?? {};
    throw tierUnavailable(fault, reason ?? `The saved session is kept by ${keptBy}, which is not used now.`);
  }

  /** Nobody waits for a person here: other processes wait for the lock under which a session is saved. */
  function askConsent(passedOver: readonly PassedOverTier[]): void {
    const saveHeld = async () => {
      await load();
      if (held) await save(held.record);
    };
    consent
      .ask(reportOf('memory', passedOver))
      .then(async (isAllowed) => isAllowed && turns.hold(saveHeld))
      .catch(() => undefined); // The next save tells what is wrong.
  }

  async function report(): Promise<StorageReport> {
    const keptBy = keptByOf(await files.read().catch(() => undefined));
    const { found, passedOver } = await chooseTier(noWeaker(tiers, keptBy), consent, probe);
    const { tier = 'memory' } = found ?? {};
    return {
      ...reportOf(tier, passedOver),
      ...(keptBy !== undefined && keptBy !== tier && { keptBy }),
      ...(isRecovered && { isRecovered }),
    };
  }

  async function clear(): Promise<void> {
    held = known = undefined;
    isRecovered = false;
    await files.removeAll();
    for (const keeper of tiers.values()) await removeKey(keeper);
  }

  const place = `${slot} request`;
  /** Nobody is asked for a passphrase before there is anything to save. */
  const unasked: Tiers = new Map([...tiers].filter(([tier]) => tier !== 'passphrase'));

  async function sealRequest(request: object): Promise<string | undefined> {
    const keptBy = keptByOf(await files.read().catch(() => undefined));
    const { found } = await chooseTier(noWeaker(unasked, keptBy), consent, loadOrCreate);
    return found && withKey(found.value, (key) => sealRecord(request, key, found.tier, place));
  }

  return {
    report: () => withFileFaults(report),
    requests: sealedRequest(join(directory, `${slot}.request`), {
      seal: (request) => turns.hold(() => sealRequest(request)),
      open: (text) => openSaved(text, { tiers: unasked, slot: place }),
    }),
    retry() {
      for (const keeper of tiers.values()) if ('retry' in keeper) keeper.retry();
    },
    load: () => withFileFaults(load),
    save: (record) => withFileFaults(() => turns.hold(() => save(record))),
    clear: () => withFileFaults(() => turns.hold(clear)),
  };
}
