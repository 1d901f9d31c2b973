import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';

/** The Chromium processes of an app, by the profile that bears its process id. Linux only. */
export function chromiumsOf(appPid: number | undefined): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && commandLine(name).includes(`electron-stand-in-${appPid}-`))
    .map(Number);
}

/** The profiles that an app has left. */
export function profilesOf(appPid: number | undefined): string[] {
  return readdirSync(tmpdir()).filter((name) => name.startsWith(`electron-stand-in-${appPid}-`));
}

/** Resolves when something holds; the test's own limit ends a wait in vain. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await wait(20);
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    // It has ended meanwhile.
    return '';
  }
}
