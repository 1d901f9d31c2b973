import { resolve } from 'node:path';
import { AuthError, isSafeAddress, parseAddress } from '@deskauth/session';
import { requireAccent } from './accent.ts';
import { loadLogo, requireLogo } from './logo.ts';
import { bothOf, type Theme, type Themed } from './themed.ts';

/** How pages look like the app's maker's own. */
export interface Brand {
  /**
   * A picture as `data:image/…;base64,…`: PNG, JPEG, WebP or SVG of at most 64 KiB; see {@link loadLogo}. It is shown
   * 40 pixels high.
   * @default none: the app's name alone
   */
  readonly logo?: Themed;
  /** A colour as `#rrggbb` that is seen on white and on nearly black, or one for each. @default none */
  readonly accent?: Themed;
}

/** What the browser shows at the end. */
export interface PageSettings extends Brand {
  /**
   * The company's own pages in place of the built-in ones. They get no parameter, and no page gets there before the
   * sign-in has really ended.
   * @default the built-in pages
   */
  readonly afterSignIn?: { readonly success?: string; readonly failure?: string };
}

/** A {@link Brand} with nothing left to check. */
export interface CheckedBrand {
  readonly logo?: Readonly<Record<Theme, string>>;
  readonly accent?: Readonly<Record<Theme, string>>;
}

/** @throws AuthError `AUTH_SETTINGS_INVALID` */
export function requireBrand({ logo, accent }: Brand): CheckedBrand {
  return {
    ...(logo !== undefined && { logo: requireLogo(logo) }),
    ...(accent !== undefined && { accent: requireAccent(accent) }),
  };
}

/**
 * The whole of the settings, checked.
 * @throws AuthError `AUTH_SETTINGS_INVALID`
 */
export function requirePageSettings(
  settings: PageSettings,
): CheckedBrand & Pick<PageSettings, 'afterSignIn'> {
  const { logo, accent, afterSignIn = {}, ...others } = settings;
  requireNone('pages', others, 'logo, accent, afterSignIn');
  const { success, failure, ...more } = afterSignIn;
  requireNone('pages.afterSignIn', more, 'success, failure');
  for (const [name, address] of Object.entries({ success, failure })) requireCompanyPage(name, address);
  return { ...requireBrand(settings), afterSignIn };
}

/**
 * Page settings from a file, where a logo is the name of a picture.
 * @param directory where names begin
 * @throws AuthError `AUTH_SETTINGS_INVALID`
 */
export async function loadPages(settings: PageSettings, directory: string): Promise<PageSettings> {
  const load = (name: string) =>
    typeof name === 'string' && !name.startsWith('data:') ? loadLogo(resolve(directory, name)) : name;
  const names = settings.logo === undefined ? undefined : bothOf(settings.logo);
  const logo = names && { light: await load(names.light), dark: await load(names.dark) };
  const pages = { ...settings, ...(logo && { logo }) };
  requirePageSettings(pages);
  return pages;
}

/** Settings may come from a file, where the compiler has seen nothing. */
function requireNone(place: string, others: object, expected: string): void {
  const [found] = Object.keys(others);
  if (found === undefined) return;
  throw new AuthError(
    'AUTH_SETTINGS_INVALID',
    `Setting "${place}": expected an object with ${expected}, found "${found}".`,
  );
}

/** Fixed by the app's maker, so that nobody is sent anywhere else (RFC 9700 §4.11). */
function requireCompanyPage(name: string, address: string | undefined): void {
  if (address === undefined) return;
  const url = parseAddress(address);
  if (url && isSafeAddress(url) && !url.username && !url.password) return;
  throw new AuthError(
    'AUTH_SETTINGS_INVALID',
    `Setting "pages.afterSignIn.${name}": expected an https address, found ${JSON.stringify(address)}.`,
  );
}
