import { isOfThisClient, wantsMoreScope } from './session-keeping.ts';
import type { SessionParts } from './session-parts.ts';
import type { SessionRecord } from './session-record.ts';
import { describeShortSession } from './warnings.ts';

/** Takes up the session that an earlier run of the app saved. Waits for no server. */
export async function restoreSession(parts: SessionParts): Promise<void> {
  const { keeper, holder, revocations } = parts;
  const record = await keeper.reload();
  // Some servers end every session of the person with one token: what waited for that waits no more.
  void (record ? revocations.drop() : revocations.goOn());
  if (record) await adopt(record, parts);
  else if (keeper.fault?.code === 'AUTH_STORE_UNREADABLE')
    holder.settle({ status: 'signed-out', reason: 'store-unreadable', error: keeper.fault });
  // It was there, and another process or tab that shares the store has taken it away.
  else if (!keeper.fault && holder.settled.status === 'signed-in')
    holder.settle({ status: 'signed-out', reason: 'elsewhere' });
}

async function adopt(record: SessionRecord, parts: SessionParts): Promise<void> {
  const { settings, keeper, lock, holder, ages, tokens, dpop, warnings, clock } = parts;
  const { user } = record;
  if (!isOfThisClient(record, settings)) {
    await lock.hold(() => keeper.clear(record));
    return holder.settle({ status: 'signed-out', reason: 'settings-changed' });
  }
  if (wantsMoreScope(record, settings))
    return holder.settle({ status: 'expired', user, reason: 'scope-changed' });
  if (!(await dpop.canUse(record.tokens)))
    return holder.settle({ status: 'expired', user, reason: 'no-key' });
  ages.observe(record, record.savedAt);
  holder.settle({ status: 'signed-in', user, verified: false, reason: 'restored' });
  warnings.set('no-refresh-token', describeShortSession(record.tokens, clock.now()));
  // The answer to the last refresh was lost: while the server grants grace, the next one is on time.
  if (record.refreshIntent && settings.refreshGraceSeconds > 0) void tokens.current().catch(() => {});
}
