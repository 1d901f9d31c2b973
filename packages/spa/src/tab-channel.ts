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
  let channel = join(name);
  if (channel)
    channel.onmessage = ({ data }) => {
      const news = parseNews(data);
      if (news) hear(news);
    };
  return {
    tell: (news) => channel?.postMessage(Object.values(news).join(' ')),
    close() {
      channel?.close();
      channel = undefined;
    },
  };
}

/** Firefox refuses it together with site data: then no other tab has anything to tell either. */
function join(name: string): BroadcastChannel | undefined {
  try {
    return new BroadcastChannel(name);
  } catch {
    return undefined;
  }
}

function parseNews(data: unknown): TabNews | undefined {
  if (data === 'signed-in') return { word: data };
  const [, number] = (typeof data === 'string' && /^signed-out (\d{1,15})$/.exec(data)) || [];
  return number === undefined ? undefined : { word: 'signed-out', number: Number(number) };
}
