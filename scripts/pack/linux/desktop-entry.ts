import type { PackedApp } from '../packed-app.ts';

/**
 * The app's entry in the menu on Linux, which also makes it a program for links of its scheme.
 * @param program what is started, by absolute path; plain, because `xdg-open` without a desktop knows no quotes
 * @see freedesktop.org Desktop Entry Specification
 */
export function buildMenuEntry(app: PackedApp, scheme: string, program: string): string {
  return [
    '[Desktop Entry]',
    'Type=Application',
    `Name=${app.productName}`,
    `Comment=${app.description}`,
    `Exec=${program} %u`,
    `Icon=${app.id}`,
    `Categories=${app.linuxCategories.join(';')};`,
    `MimeType=x-scheme-handler/${scheme};`,
    // Electron names its windows after the product.
    `StartupWMClass=${app.productName}`,
    'StartupNotify=true',
    'Terminal=false',
    '',
  ].join('\n');
}
