import { createBridge } from './bridge.ts';

/** What the page's world is told: the names of the bridge's events. */
export interface PageWorldSettings {
  readonly toPreload: string;
  readonly toPage: string;
}

/** Prepares the page's own world before its scripts run: the bridge's other end, and no windows of its own. */
export function startPageWorld({ toPreload, toPage }: PageWorldSettings): void {
  createBridge({ send: toPreload, receive: toPage }, (key, value) => {
    Object.defineProperty(window, key, { value: deepFreeze(value), enumerable: true });
  });
  refuseWindows();
}

/** A window that is refused is `null` to its opener, at once. */
function refuseWindows(): void {
  const { open } = window;
  const { apply } = Reflect;
  window.open = (...args) => {
    apply(open, window, args);
    return null;
  };
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  for (const item of Object.values(value)) deepFreeze(item);
  return Object.freeze(value);
}
