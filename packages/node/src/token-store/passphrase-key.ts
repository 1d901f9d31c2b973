import { rm } from 'node:fs/promises';
import { CompactEncrypt, compactDecrypt, decodeProtectedHeader } from 'jose';
import { buildKey } from './key.ts';
import { readPrivateFile, writePrivateFile } from './private-file.ts';
import { type KeyKeeper, tierUnavailable } from './tiers.ts';

/** What the app asks its user. */
export interface PassphraseQuestion {
  /** `choose`: a new one, to be asked twice; `open`: the one that was chosen. */
  readonly purpose: 'choose' | 'open';
  /** True when the one given before was wrong. */
  readonly wasWrong: boolean;
}

/** Asks for the passphrase; undefined when the person does not want to say. No time limit is put on it. */
export type AskPassphrase = (question: PassphraseQuestion) => Promise<string | undefined>;

const ALGORITHM = 'PBES2-HS512+A256KW';
/** Rounds of PBKDF2 with SHA-512, as OWASP's cheat sheet for stored passwords has it: some tenths of a second. */
const ROUNDS = 210_000;
const TRIES = 3;

/**
 * A key in a file, encrypted with a key that is made from a passphrase: a JWE with PBES2 (RFC 7518 §4.8). Asked once
 * in the life of a process.
 */
export function passphraseKey(path: string, ask: AskPassphrase): KeyKeeper {
  let opened: { readonly file: string; readonly key: Uint8Array } | undefined;

  async function open(file: string): Promise<Uint8Array> {
    for (let tries = 0; tries < TRIES; tries += 1) {
      const passphrase = await answerTo(ask, { purpose: 'open', wasWrong: tries > 0 });
      const key = await decrypt(file, passphrase);
      if (key) return key;
    }
    throw tierUnavailable('dismissed', 'The passphrase is wrong. The saved session is kept as it is.');
  }

  return {
    probe: async () => {},
    async load() {
      const file = await readPrivateFile(path);
      if (file === undefined || !isSealed(file)) return undefined;
      if (opened?.file !== file) opened = { file, key: await open(file) };
      return Uint8Array.from(opened.key);
    },
    async create() {
      const passphrase = await answerTo(ask, { purpose: 'choose', wasWrong: false });
      const key = buildKey();
      const file = await encrypt(key, passphrase);
      await writePrivateFile(path, file);
      opened = { file, key };
      return Uint8Array.from(key);
    },
    async remove() {
      opened?.key.fill(0);
      opened = undefined;
      await rm(path, { force: true });
    },
  };
}

async function answerTo(ask: AskPassphrase, question: PassphraseQuestion): Promise<Uint8Array> {
  const answer = await ask(question);
  if (!answer) throw tierUnavailable('dismissed', 'No passphrase was given.');
  // One letter can be written in several ways, and keyboards differ.
  return new TextEncoder().encode(answer.normalize('NFC'));
}

function encrypt(key: Uint8Array, passphrase: Uint8Array): Promise<string> {
  return new CompactEncrypt(key)
    .setProtectedHeader({ alg: ALGORITHM, enc: 'A256GCM' })
    .setKeyManagementParameters({ p2c: ROUNDS })
    .encrypt(passphrase);
}

/** Undefined for a wrong passphrase. */
async function decrypt(file: string, passphrase: Uint8Array): Promise<Uint8Array | undefined> {
  const options = { keyManagementAlgorithms: [ALGORITHM], maxPBES2Count: ROUNDS };
  try {
    return (await compactDecrypt(file, passphrase, options)).plaintext;
  } catch {
    return undefined;
  } finally {
    passphrase.fill(0);
  }
}

/** What is damaged beyond its form opens with no passphrase: nobody is asked for one. */
function isSealed(file: string): boolean {
  try {
    return file.split('.').length === 5 && decodeProtectedHeader(file).alg === ALGORITHM;
  } catch {
    return false;
  }
}
