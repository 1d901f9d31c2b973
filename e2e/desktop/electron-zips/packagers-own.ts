import { createRequire } from 'node:module';

/** What the packager itself writes with, of the same version. */
const require = createRequire(import.meta.resolve('@electron/packager'));

/** Reads and writes property lists. */
export const plist = require('plist') as {
  parse(text: string): unknown;
  build(value: object): string;
};

/** A resource of a Windows program. */
export interface WindowsResource {
  readonly type: string | number;
  readonly id: string | number;
  readonly lang: number;
  readonly codepage: number;
  readonly bin: ArrayBuffer;
}

interface Resources {
  readonly entries: WindowsResource[];
  outputResource(program: WindowsProgram): void;
}

interface WindowsProgram {
  generate(): ArrayBuffer;
}

interface VersionInfo {
  getStringValues(language: object): Readonly<Record<string, string>>;
  getAllLanguagesForStringValues(): object[];
  outputToResourceEntries(entries: WindowsResource[]): void;
}

/** Reads and writes the resources of Windows programs. */
export const resedit = require('resedit') as {
  readonly NtExecutable: {
    createEmpty(is32Bit: boolean, isLibrary: boolean): WindowsProgram;
    from(data: Uint8Array): WindowsProgram;
  };
  readonly NtExecutableResource: { from(program: WindowsProgram): Resources };
  readonly Data: { readonly IconFile: { from(data: Uint8Array): { icons: { data: unknown }[] } } };
  readonly Resource: {
    readonly IconGroupEntry: {
      replaceIconsForResource(entries: WindowsResource[], id: number, lang: number, icons: unknown[]): void;
      fromEntries(entries: WindowsResource[]): { readonly icons: readonly unknown[] }[];
    };
    readonly VersionInfo: {
      create(lang: number, fixed: object, strings: readonly object[]): VersionInfo;
      fromEntries(entries: WindowsResource[]): VersionInfo[];
    };
  };
};
