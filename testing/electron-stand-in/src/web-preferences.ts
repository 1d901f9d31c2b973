import type { WebPreferences } from 'electron';

/** What cannot be had here, with the value that is meant. */
const ISOLATED = {
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  webviewTag: false,
  contextIsolation: true,
  sandbox: true,
  webSecurity: true,
} as const satisfies WebPreferences;

/**
 * A window here is always isolated, whatever it asks for; one that asks for less gets an error instead.
 * @throws Error naming the preference
 */
export function checkPreferences(preferences: WebPreferences): void {
  for (const [name, meant] of Object.entries(ISOLATED)) {
    const asked = preferences[name as keyof typeof ISOLATED];
    if (asked === undefined || asked === meant) continue;
    throw new Error(
      `webPreferences.${name}: ${asked} is not in the stand-in, which runs isolated windows only. ` +
        `Leave it out or set it to ${meant}.`,
    );
  }
}
