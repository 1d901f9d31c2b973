import type { PackedApp } from '../packed-app.ts';

/** One value in the part of the registry that belongs to the person alone (HKCU). */
export interface RegistryValue {
  readonly key: string;
  /** Empty for the key's own value. */
  readonly name: string;
  readonly data: string;
}

/** The key of a scheme, in HKCU. */
export const schemeKey = (scheme: string): string => `Software\\Classes\\${scheme}`;

/**
 * What makes links of a scheme lead to the app, for one person. The command is letter by letter what Electron writes for
 * `setAsDefaultProtocolClient(scheme, program, ['--'])`, so that the app finds itself registered.
 * @param program path of the app's program
 */
export function buildSchemeValues(app: PackedApp, scheme: string, program: string): RegistryValue[] {
  const key = schemeKey(scheme);
  return [
    { key, name: '', data: `URL:${app.productName}` },
    { key, name: 'URL Protocol', data: '' },
    { key: `${key}\\DefaultIcon`, name: '', data: `${program},0` },
    // Nothing in a link is a switch of Chromium's (CVE-2018-1000006).
    { key: `${key}\\shell\\open\\command`, name: '', data: `"${program}" "--" "%1"` },
  ];
}
