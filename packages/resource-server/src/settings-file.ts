import { readFile } from 'node:fs/promises';
import { parseSettings } from './checked-settings.ts';
import { FILE_RULES, type FileSettings, isObject, requireRules, type SettingRule } from './verifier-rules.ts';

/**
 * Reads an API's settings from a JSON file: those of the verifier, and beside them those of the API's own.
 * @param own the keys of the API's own, none of which is required
 * @throws Error naming the file, the key and what was expected; a value that may be a secret is not shown
 */
export async function loadSettings<Own extends object>(
  file: string,
  own: Readonly<Record<keyof Own, SettingRule>>,
): Promise<FileSettings & Own> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new Error(`${file}: cannot be read (${error.code}). Give the path of a JSON settings file.`);
  });
  try {
    const settings = JSON.parse(text) as FileSettings & Own;
    requireSettings(settings, own);
    return settings;
  } catch (error) {
    const { message } = error as Error;
    // The engine quotes the text around the fault, and a secret could be in it.
    throw new Error(
      `${file}: ${error instanceof SyntaxError ? message.replace(/, (\.\.\.)?".*/s, '') : message}`,
    );
  }
}

/** The same check for settings that are at hand. @throws TypeError naming the key and what was expected */
export function requireSettings<Own extends object>(
  settings: FileSettings & Own,
  own: Readonly<Record<keyof Own, SettingRule>>,
): void {
  if (!isObject(settings)) throw new TypeError('expected one JSON object.');
  requireRules(settings, { ...FILE_RULES, ...own }, 'key');
  const isOfVerifier = ([key]: [string, unknown]) => Object.hasOwn(FILE_RULES, key);
  parseSettings(Object.fromEntries(Object.entries(settings).filter(isOfVerifier)) as unknown as FileSettings);
}
