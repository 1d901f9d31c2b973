import { buildKey, formatKey, parseKey } from './key.ts';
import type { AskKeyring, KeyringQuestion } from './keyring-process.ts';
import { type KeyKeeper, type StorageFault, tierUnavailable } from './tiers.ts';

/**
 * The operating system's keyring: Keychain, Credential Manager, Secret Service.
 * @param askKeyring asks it, from a process of its own
 */
export function keyringKey(service: string, account: string, askKeyring: AskKeyring): KeyKeeper {
  async function ask(verb: KeyringQuestion['verb'], secret?: string): Promise<string | undefined> {
    try {
      return await askKeyring({ verb, service, account, ...(secret !== undefined && { secret }) });
    } catch (error) {
      throw inWords((error as Error).message);
    }
  }
  return {
    load: async () => parseKey((await ask('load')) ?? ''),
    async create() {
      const key = buildKey();
      await ask('save', formatKey(key));
      return key;
    },
    remove: async () => void (await ask('remove')),
  };
}

/** The library's texts are those of the platform, and all that tells one fault from another. */
const TEXTS: readonly [text: RegExp, fault: StorageFault, inWords: string][] = [
  // Says how a builder of D-Bus could have switched on what nobody uses.
  [/DBUS_SESSION_BUS_ADDRESS|Failed to connect to socket/, 'absent', 'there is no D-Bus session'],
  [/ServiceUnknown|was not provided by any/, 'absent', 'no program on D-Bus is a keyring'],
  [/dismissed|cancell?ed/i, 'dismissed', 'it is locked, and was not unlocked'],
];

function inWords(text: string): Error {
  const [, fault, words] = TEXTS.find(([pattern]) => pattern.test(text)) ?? [];
  const why = words ?? text.replace('Platform failure: ', '');
  return tierUnavailable(fault ?? 'broken', `The keyring of this computer cannot be used: ${why}.`);
}
