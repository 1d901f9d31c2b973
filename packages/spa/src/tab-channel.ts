/**
 * What one tab tells the others: a word, and after a sign-out its number, so that old news can be told from the end of a
 * session that began before it. No token, no user, no address.
 */
export type TabNews =
  | { readonly word: 'signed-in' }
  | { readonly word: 'signed-out'; readonly number: number };

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
    const news = parseNews(data);
    if (news) hear(news);
  };
  return {
    tell: (news) => isOpen && channel.postMessage(Object.values(news).join(' ')),
    close() {
      isOpen = false;
      channel.close();
    },
  };
}

function parseNews(data: unknown): TabNews | undefined {
  if (data === 'signed-in') return { word: data };
  const [, number] = (typeof data === 'string' && /^signed-out (\d{1,15})$/.exec(data)) || [];
  return number === undefined ? undefined : { word: 'signed-out', number: Number(number) };
}
