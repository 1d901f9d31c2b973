import { join } from 'node:path';
import type { PackedApp } from '../packed-app.ts';
import { buildSchemeValues, type RegistryValue, schemeKey } from './registry.ts';

/** What the installer is made from. */
export interface InstallerSource {
  /** The packed app's folder. */
  readonly folder: string;
  readonly icon: string;
  /** The installer itself. */
  readonly file: string;
}

/**
 * An NSIS script for an installer that needs no administrator: the app goes into the person's own programs, and what it
 * writes into the registry is in their own part of it. The uninstaller takes it all back.
 */
export function buildInstallerScript(app: PackedApp, scheme: string, source: InstallerSource): string {
  const { productName, executable, version, maker, homepage } = app;
  const program = `$INSTDIR\\${executable}.exe`;
  const shortcut = `$SMPROGRAMS\\${productName}.lnk`;
  const entry = `Software\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\${app.id}`;
  const uninstall: RegistryValue[] = Object.entries({
    DisplayName: productName,
    DisplayVersion: version,
    DisplayIcon: `${program},0`,
    Publisher: maker,
    URLInfoAbout: homepage,
    InstallLocation: '$INSTDIR',
    UninstallString: '"$INSTDIR\\uninstall.exe"',
    QuietUninstallString: '"$INSTDIR\\uninstall.exe" /S',
  }).map(([name, data]) => ({ key: entry, name, data }));
  const values = [...buildSchemeValues(app, scheme, program), ...uninstall].map(write);
  return `Unicode true
SetCompressor /SOLID lzma
Name ${text(productName)}
OutFile ${text(source.file)}
Icon ${text(source.icon)}
UninstallIcon ${text(source.icon)}
InstallDir ${text(`$LOCALAPPDATA\\Programs\\${productName}`)}
RequestExecutionLevel user
ShowInstDetails nevershow
VIProductVersion "${versionOfFour(version)}"
VIAddVersionKey ProductName ${text(productName)}
VIAddVersionKey FileDescription ${text(`${productName} setup`)}
VIAddVersionKey CompanyName ${text(maker)}
VIAddVersionKey LegalCopyright ${text(app.copyright)}
VIAddVersionKey FileVersion ${text(version)}
Page instfiles
UninstPage uninstConfirm
UninstPage instfiles

Section
  SetOutPath $INSTDIR
  ; Fails while the app runs, before anything is changed.
  ClearErrors
  Delete ${text(program)}
  IfErrors 0 +3
    MessageBox MB_ICONEXCLAMATION ${text(`Close ${productName} first.`)} /SD IDOK
    Abort
  File /r /x desktop.settings.json ${text(join(source.folder, '*'))}
  ; What an administrator has changed stays.
  SetOutPath $INSTDIR\\resources
  SetOverwrite off
  File ${text(join(source.folder, 'resources', 'desktop.settings.json'))}
  SetOutPath $INSTDIR
  WriteUninstaller $INSTDIR\\uninstall.exe
  CreateShortCut ${text(shortcut)} ${text(program)}
${values.join('\n')}
SectionEnd

Section Uninstall
  ClearErrors
  Delete ${text(program)}
  IfErrors 0 +3
    MessageBox MB_ICONEXCLAMATION ${text(`Close ${productName} first.`)} /SD IDOK
    Abort
  Delete ${text(shortcut)}
  ; Another copy of the app may have the scheme by now.
  ReadRegStr $0 HKCU ${text(`${schemeKey(scheme)}\\shell\\open\\command`)} ""
  StrCmp $0 ${text(`"${program}" "--" "%1"`)} 0 +2
    DeleteRegKey HKCU ${text(schemeKey(scheme))}
  DeleteRegKey HKCU ${text(entry)}
  RMDir /r $INSTDIR
SectionEnd
`;
}

function write({ key, name, data }: RegistryValue): string {
  return `  WriteRegStr HKCU ${text(key)} ${text(name)} ${text(data)}`;
}

/** A text of NSIS: in single quotes, in which double ones are plain; `$` begins the name of a folder. */
function text(value: string): string {
  if (/['`\r\n]/.test(value)) throw new Error(`The installer's script cannot hold ${JSON.stringify(value)}.`);
  return `'${value}'`;
}

/** Windows wants four numbers. */
function versionOfFour(version: string): string {
  const numbers = version.split(/[.-]/).map((part) => Number.parseInt(part, 10) || 0);
  return [0, 1, 2, 3].map((index) => numbers[index] ?? 0).join('.');
}
