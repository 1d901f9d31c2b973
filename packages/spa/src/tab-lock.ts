import { memoryLock, type RefreshLock } from '@deskauth/session';

/** A lock for all tabs of this origin (Web Locks). The browser frees it when a tab is closed or crashes. */
export function tabLock(name: string, locks: Pick<LockManager, 'request'>): RefreshLock {
  const withinTab = memoryLock();
  return {
    async hold(work) {
      let isHeld = false;
      try {
        return await locks.request(name, () => {
          isHeld = true;
          return work();
        });
      } catch (error) {
        if (isHeld) throw error;
        return withinTab.hold(work); // Refused together with site data: then no other tab shares anything.
      }
    },
  };
}
