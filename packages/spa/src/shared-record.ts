import type { SessionRecord } from '@deskauth/session';

/** What a tab asks of the worker; each question brings the port for its answer. */
export type RecordQuestion =
  | { readonly ask: 'load' | 'clear' }
  | { readonly ask: 'save'; readonly record: SessionRecord };

/** One session record in memory, for all tabs that are connected. Returns what connects a tab. */
export function createSharedRecord(): (tab: MessagePort) => void {
  let record: unknown;
  return (tab) => {
    tab.onmessage = ({ data, ports }: MessageEvent<RecordQuestion>) => {
      if (data.ask === 'clear') record = undefined;
      if (data.ask === 'save') record = data.record;
      ports[0]?.postMessage(record);
    };
  };
}
