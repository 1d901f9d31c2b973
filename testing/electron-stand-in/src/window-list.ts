import type { BrowserWindow, WebContents } from 'electron';

const windows = new Map<WebContents, BrowserWindow>();
let lastClosed = () => {};

/** Sets what happens when the last window has been closed. */
export function onLastWindowClosed(run: () => void): void {
  lastClosed = run;
}

/** Those that are open, oldest first. */
export function openWindows(): BrowserWindow[] {
  return [...windows.values()];
}

/** The window that shows these contents. */
export function windowOf(contents: WebContents): BrowserWindow | null {
  return windows.get(contents) ?? null;
}

/** A window has been opened. */
export function addWindow(contents: WebContents, window: BrowserWindow): void {
  windows.set(contents, window);
}

/** A window has been closed. @returns false when it had been before */
export function removeWindow(contents: WebContents): boolean {
  return windows.delete(contents);
}

/** To be called when a closed window has told its listeners. */
export function reportClosed(): void {
  if (windows.size === 0) lastClosed();
}
