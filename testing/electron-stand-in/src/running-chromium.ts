import { findChromium } from './find-chromium.ts';
import { type Chromium, launchChromium } from './launch-chromium.ts';
import { createTargets, type Targets } from './targets.ts';

let chromium: Chromium | undefined;
let targets: Targets | undefined;

/**
 * Starts the one Chromium of this app.
 * @param onEnd runs when it has ended by itself, with the reason
 * @throws Error when there is none, or it does not start
 */
export async function startChromium(
  switches: readonly string[],
  onEnd: (reason: string) => void,
): Promise<void> {
  const found = findChromium();
  if ('reason' in found) throw new Error(found.reason);
  const started = launchChromium({ path: found.path, headless: isHeadless(), switches });
  chromium = started;
  process.once('exit', started.kill);
  let up = false;
  const failed = started.exited.then((reason) => {
    if (!up) throw new Error(reason);
    if (chromium) onEnd(reason);
    return undefined as never;
  });
  targets = await Promise.race([createTargets(started), failed]);
  up = true;
}

/** Ends it and removes its profile. */
export async function stopChromium(): Promise<void> {
  const ending = chromium;
  chromium = undefined;
  await ending?.close();
}

/** Where windows are opened. @throws Error before `ready` */
export function windowTargets(): Targets {
  if (!targets) throw new Error('Cannot create BrowserWindow before app is ready');
  return targets;
}

/** Whether windows can be seen: only with a screen, and unless a test asks for none. */
export function isHeadless(env: NodeJS.ProcessEnv = process.env): boolean {
  if (env.DESKAUTH_STAND_IN_HEADLESS === '1') return true;
  return process.platform === 'linux' && !env.DISPLAY && !env.WAYLAND_DISPLAY;
}
