import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DESKTOP } from '../samples/desktop-page.ts';

/** What an installed app is known by. Your app's own facts go here; its scheme is the one in its settings. */
export interface PackedApp {
  /** The reverse of a domain of yours: the bundle's id on macOS, the desktop file's name on Linux. It never changes. */
  readonly id: string;
  /** What a person knows it by. */
  readonly productName: string;
  /** The program's file, and the package on Debian: lower case, no spaces. */
  readonly executable: string;
  readonly version: string;
  readonly description: string;
  readonly maker: string;
  /** Where somebody answers for a package on Debian. */
  readonly contact: string;
  readonly homepage: string;
  readonly copyright: string;
  /** In the menu on Linux. @see freedesktop.org Desktop Menu Specification, Main Categories */
  readonly linuxCategories: readonly string[];
  /** In the Finder. @see Apple, LSApplicationCategoryType */
  readonly macCategory: string;
}

const { version } = JSON.parse(readFileSync(join(DESKTOP, 'package.json'), 'utf8')) as { version: string };

/** The desktop sample. */
export const packedApp: PackedApp = {
  id: 'com.deskauth.sample',
  productName: 'Deskauth Companies',
  executable: 'deskauth-companies',
  version,
  description: 'Companies and their transactions, for whoever signs in',
  maker: 'Deskauth',
  contact: 'Deskauth <deskauth@example.com>',
  homepage: 'https://deskauth.example',
  copyright: 'Copyright Deskauth, Apache-2.0',
  linuxCategories: ['Office', 'Finance'],
  macCategory: 'public.app-category.finance',
};
