import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { AuthError } from '@deskauth/session';
import { bothOf, type Theme, type Themed } from './themed.ts';

/** It is in the page itself, because the page may load nothing. */
const LARGEST_LOGO_BYTES = 64 * 1024;
const LOGO = /^data:image\/(png|jpeg|webp|svg\+xml);base64,([A-Za-z\d+/]+={0,2})$/;

const TYPES: Readonly<Record<string, string>> = {
  '.png': 'png',
  '.jpg': 'jpeg',
  '.jpeg': 'jpeg',
  '.webp': 'webp',
  '.svg': 'svg+xml',
};

/** How files of each type begin, a byte a character. */
const SIGNATURES: Readonly<Record<string, RegExp>> = {
  png: /^\x89PNG\r\n/,
  jpeg: /^\xff\xd8\xff/,
  webp: /^RIFF.{4}WEBP/s,
  'svg+xml': /^(\xef\xbb\xbf)?\s*<(svg[\s>]|(\?xml|!--).*<svg[\s>])/s,
};

/** In an `<img>` none of these does anything; a drawing needs none of them either. */
const ACTIVE_SVG =
  /<script|<foreignObject|<!ENTITY|\son\w+\s*=|javascript:|href\s*=\s*["']?\s*(?!#|data:image|["'#\s])/i;

/**
 * The logo for a light and for a dark page, checked.
 * @throws AuthError `AUTH_SETTINGS_INVALID` for what is no picture, too large, or a drawing that does something
 */
export function requireLogo(logo: Themed): Readonly<Record<Theme, string>> {
  const both = bothOf(logo);
  for (const address of [both.light, both.dark]) {
    const fault = faultOf(address);
    if (fault) throw refused(fault);
  }
  return both;
}

/**
 * Reads a picture into the form that {@link requireLogo} takes.
 * @param file PNG, JPEG, WebP or SVG, at most 64 KiB
 * @throws AuthError `AUTH_SETTINGS_INVALID`
 */
export async function loadLogo(file: string): Promise<string> {
  const type = TYPES[extname(file).toLowerCase()];
  if (!type) throw refused(`expected a .png, .jpg, .webp or .svg file, found ${JSON.stringify(file)}`);
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw refused(`${file} cannot be read (${error.code})`);
  });
  return requireLogo(`data:image/${type};base64,${bytes.toString('base64')}`).light;
}

function faultOf(address: unknown): string | undefined {
  const [, type = '', data = ''] = typeof address === 'string' ? (LOGO.exec(address) ?? []) : [];
  if (!type) return 'expected "data:image/png;base64,…", or the same with jpeg, webp or svg+xml';
  const bytes = Buffer.from(data, 'base64');
  if (bytes.length > LARGEST_LOGO_BYTES)
    return `the picture has ${bytes.length} bytes, and ${LARGEST_LOGO_BYTES} are allowed`;
  const content = bytes.toString('latin1');
  if (!SIGNATURES[type]?.test(content)) return `the picture is not what its type says: ${type}`;
  if (type === 'svg+xml' && ACTIVE_SVG.test(content))
    return 'the SVG holds a script, an event handler, an entity or a reference to something outside';
  return undefined;
}

function refused(why: string): AuthError {
  return new AuthError('AUTH_SETTINGS_INVALID', `Setting "pages.logo": ${why}.`);
}
