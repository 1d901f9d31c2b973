import { readFile } from 'node:fs/promises';
import { loadSettings } from '@deskauth/node';

/** The settings that are packed. */
export interface PackedSettings {
  /** The file's text. */
  readonly text: string;
  /** Links of this scheme lead to the installed app. */
  readonly scheme: string;
}

/** Keys of the sample's own. */
const OWN_KEYS = ['apiAddress', 'redirect', 'scheme', 'redirectPage'] as const;

/** A name that can be a registry key, a file and part of a script without quotes. */
const SCHEME = /^[a-z][a-z0-9-]*(\.[a-z0-9-]+)+$/;

/**
 * Reads the settings that the packed app begins with, and holds them to what the app itself expects.
 * @param file where `redirect` is `loopback`, as while developing, the packed app has `auto`: the scheme is there, too
 * @throws Error naming the file and what is wrong with it
 */
export async function readPackedSettings(file: string): Promise<PackedSettings> {
  const { scheme, pages } = await loadSettings(file, OWN_KEYS);
  if (typeof scheme !== 'string' || !SCHEME.test(scheme))
    throw new Error(`Settings file ${file}: "scheme": expected a name such as "com.example.app".`);
  const settings = JSON.parse((await readFile(file, 'utf8')).replace(/^\uFEFF/, ''));
  if ((settings.redirect ?? 'loopback') === 'loopback') settings.redirect = 'auto';
  // Logos were files beside the settings; they are in them now.
  if (pages) settings.pages = pages;
  return { scheme, text: `${JSON.stringify(settings, null, 2)}\n` };
}
