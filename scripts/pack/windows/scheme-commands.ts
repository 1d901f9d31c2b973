import type { PackedApp } from '../packed-app.ts';
import { buildSchemeValues, schemeKey } from './registry.ts';

/** For whoever takes the zip and no installer: has links of the scheme lead to the app where it lies. */
export function buildRegisterCommands(app: PackedApp, scheme: string): string {
  const program = `%~dp0${app.executable}.exe`;
  const lines = buildSchemeValues(app, scheme, program).map(({ key, name, data }) => {
    const value = name ? `/v "${name}"` : '/ve';
    const quoted = data.replaceAll('%1', '%%1').replaceAll('"', '\\"');
    return `reg add "HKCU\\${key}" ${value} /t REG_SZ /d "${quoted}" /f >nul || exit /b 1`;
  });
  return commands([...lines, `echo Links of ${scheme}: lead to %~dp0${app.executable}.exe`]);
}

/** Undoes the other one, and what the app itself has registered. */
export function buildRemoveCommands(scheme: string): string {
  return commands([
    `reg delete "HKCU\\${schemeKey(scheme)}" /f`,
    'echo Remove this folder now; sign out in the app before.',
  ]);
}

function commands(lines: readonly string[]): string {
  return ['@echo off', 'setlocal', ...lines, ''].join('\r\n');
}
