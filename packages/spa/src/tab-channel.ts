/** What one tab tells the others. The word alone: no token, no user, no address. */
export type TabNews = 'signed-in' | 'signed-out';

/** The other tabs of this origin. */
export interface TabChannel {
  /** Does nothing once it is closed. */
  tell(news: TabNews): void;
  close(): void;
}

/** Opens the channel between the tabs of this origin. Pages of other origins cannot join it. */
export function openTabChannel(name: string, hear: (news: TabNews) => void): TabChannel {
  const channel = new BroadcastChannel(name);
  let isOpen = true;
  channel.onmessage = ({ data }) => {
    if (data === 'signed-in' || data === 'signed-out') hear(data);
  };
  return {
    tell: (news) => isOpen && channel.postMessage(news),
    close() {
      isOpen = false;
      channel.close();
    },
  };
}
