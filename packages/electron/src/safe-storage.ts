import { type KeyWrapper, tierUnavailable } from '@deskauth/node';
import { safeStorage } from 'electron';

/**
 * Electron's `safeStorage` as a place for the key of a session: the asynchronous functions only, because the others block
 * the app while a keyring asks its owner. For the main process, once the app is ready.
 */
export const safeStorageWrapper: KeyWrapper = {
  async requireUsable() {
    if (!(await safeStorage.isAsyncEncryptionAvailable()))
      throw tierUnavailable('absent', 'Electron has no safe storage on this computer.');
    if (isBasicText()) throw unprotected();
    const sample = await safeStorage.encryptStringAsync(SAMPLE);
    if (isSealedForAll(sample)) throw unprotected();
    const { result } = await safeStorage.decryptStringAsync(sample);
    if (result !== SAMPLE) throw tierUnavailable('broken', 'Electron cannot read what it has encrypted.');
  },
  wrap: (text) => safeStorage.encryptStringAsync(text),
  async unwrap(wrapped) {
    const { result, shouldReEncrypt } = await safeStorage.decryptStringAsync(Buffer.from(wrapped));
    return { text: result, isOutdated: shouldReEncrypt };
  },
};

const SAMPLE = 'deskauth';

/** Linux without a keyring that Electron knows: everything is encrypted with a password that everybody knows. */
function isBasicText(): boolean {
  return process.platform === 'linux' && safeStorage.getSelectedStorageBackend?.() === 'basic_text';
}

/**
 * The asynchronous functions choose their keyring by themselves, and mark with `v10` what nothing protects. On Windows
 * and macOS the same mark means the operating system's own key.
 */
function isSealedForAll(sample: Buffer): boolean {
  return process.platform === 'linux' && sample.subarray(0, 3).toString() === 'v10';
}

function unprotected(): Error {
  return tierUnavailable(
    'unprotected',
    'Electron finds no keyring on this computer and would encrypt with a password that everybody knows.',
  );
}
