import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Where a Chromium is, or why there is none. */
export type FoundChromium = { readonly path: string } | { readonly reason: string };

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'];

const PLACES: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  ],
  win32: [process.env.ProgramFiles, process.env['ProgramFiles(x86)'], process.env.LOCALAPPDATA].flatMap(
    (folder) =>
      folder
        ? [
            join(folder, 'Google', 'Chrome', 'Application', 'chrome.exe'),
            join(folder, 'Microsoft', 'Edge', 'Application', 'msedge.exe'),
          ]
        : [],
  ),
};

/**
 * The installed Chromium, Chrome or Edge. `CHROME_PATH` decides when it is set; a wrong one is not passed over.
 * @returns its path, or the reason (a sentence) why there is none
 */
export function findChromium(env: NodeJS.ProcessEnv = process.env): FoundChromium {
  const chosen = env.CHROME_PATH;
  if (chosen) {
    return isProgram(chosen)
      ? { path: chosen }
      : {
          reason: `CHROME_PATH names ${chosen}, which is not a program that can be run. Correct or unset it.`,
        };
  }
  const folders = (env.PATH ?? '').split(delimiter).filter(Boolean);
  const onPath = [...folders, '/usr/bin'].flatMap((folder) => NAMES.map((name) => join(folder, name)));
  const path = [...(PLACES[process.platform] ?? onPath)].find(isProgram);
  if (path) return { path };
  return { reason: 'No Chromium, Chrome or Edge is installed. Install one, or name one in CHROME_PATH.' };
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
