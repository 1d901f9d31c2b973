import { memoryLock, type RefreshLock } from '@deskauth/session';

/** A lock for all tabs of this origin (Web Locks). The browser frees it when a tab is closed or crashes. */
export function tabLock(name: string, locks: Pick<LockManager, 'request'>): RefreshLock {
  const withinTab = memoryLock();
  return {
    async hold(work, signal) {
      let isHeld = false;
      try {
        return await locks.request(name, { ...(signal && { signal }) }, () => {
          isHeld = true;
          return work();
        });
      } catch (error) {
        if (isHeld) throw error;
        signal?.throwIfAborted();
        return withinTab.hold(work, signal); // Refused together with site data: then no other tab shares anything.
      }
    },
  };
}
