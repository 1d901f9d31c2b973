import type { WebFrameMain } from 'electron';
import type { CdpSession } from './cdp-pipe.ts';
import { partial } from './partial.ts';
import { fromChromium, originOf } from './scheme-address.ts';

/** The frames of one page, and the preload's world in each document. */
export interface Frames {
  /** The page's top frame. */
  readonly main: WebFrameMain;
  /** Follows the frames of a part of the page that has a process of its own, too. */
  follow(session: CdpSession): void;
  byId(frameId: string): WebFrameMain | null;
  /** The frame of a preload's world, as long as its document is there. */
  ofWorld(contextId: number): WebFrameMain | null;
  /** The preload's world of the document that is shown now. */
  currentWorld(): number | undefined;
  /** The address as the preload's world has just read it. */
  update(contextId: number, address: string): void;
}

interface FrameRecord {
  readonly id: string;
  readonly parentId: string | undefined;
  readonly number: number;
  address: string;
  name: string;
}

let frameCount = 0;

/** Follows the frames of a page from the moment it is attached. */
export function followFrames(session: CdpSession, mainId: string, worldName: string): Frames {
  const records = new Map<string, FrameRecord>();
  const worlds = new Map<number, string>();
  const objects = new Map<string, WebFrameMain>();

  const add = (id: string, parentId?: string): FrameRecord => {
    const known = records.get(id);
    if (known) return known;
    const record = { id, parentId, number: ++frameCount, address: '', name: '' };
    records.set(id, record);
    return record;
  };
  const byId = (id: string): WebFrameMain | null => {
    const record = records.get(id);
    if (!record) return null;
    const frame = objects.get(id) ?? createFrame(record, records, byId);
    objects.set(id, frame);
    return frame;
  };

  const follow = (one: CdpSession) => {
    one.on('Page.frameAttached', ({ frameId, parentFrameId }) => void add(frameId, parentFrameId));
    one.on('Page.frameNavigated', ({ frame }) => {
      const record = add(frame.id, frame.parentId);
      record.address = fromChromium(frame.url + (frame.urlFragment ?? ''));
      record.name = frame.name ?? '';
    });
    one.on('Page.navigatedWithinDocument', ({ frameId, url }) => {
      add(frameId).address = fromChromium(url);
    });
    one.on('Page.frameDetached', ({ frameId, reason }) => {
      // A swapped frame goes on in another process.
      if (reason === 'remove') records.delete(frameId);
    });
  };
  follow(session);
  session.on('Runtime.executionContextCreated', ({ context }) => {
    const { frameId } = context.auxData as { frameId: string };
    if (context.name === worldName) worlds.set(context.id, frameId);
  });
  session.on('Runtime.executionContextDestroyed', ({ executionContextId }) => {
    worlds.delete(executionContextId);
  });
  session.on('Runtime.executionContextsCleared', () => worlds.clear());
  add(mainId);

  return {
    main: byId(mainId) as WebFrameMain,
    follow,
    byId,
    ofWorld: (contextId) => byId(worlds.get(contextId) ?? ''),
    currentWorld: () => [...worlds].findLast(([, frameId]) => frameId === mainId)?.[0],
    update(contextId, address) {
      const record = records.get(worlds.get(contextId) ?? '');
      if (record) record.address = fromChromium(address);
    },
  };
}

/** The frame of a window whose page is still being opened: in Electron it is there from the start, and empty. */
export function unopenedFrame(): WebFrameMain {
  const record = { id: '', parentId: undefined, number: ++frameCount, address: '', name: '' };
  const frame: WebFrameMain = createFrame(record, new Map([['', record]]), (id) =>
    id === '' ? frame : null,
  );
  return frame;
}

/** A frame as the app sees it. Its numbers tell frames apart and mean nothing else. */
function createFrame(
  record: FrameRecord,
  records: ReadonlyMap<string, FrameRecord>,
  byId: (id: string) => WebFrameMain | null,
): WebFrameMain {
  const top = (one: FrameRecord): FrameRecord => {
    const parent = records.get(one.parentId ?? '');
    return parent ? top(parent) : one;
  };
  return partial<WebFrameMain>('WebFrameMain', {
    frameTreeNodeId: record.number,
    routingId: record.number,
    processId: record.number,
    frameToken: record.id,
    get url() {
      return record.address;
    },
    get origin() {
      return originOf(record.address);
    },
    get name() {
      return record.name;
    },
    get detached() {
      return !records.has(record.id);
    },
    get parent() {
      return record.parentId === undefined ? null : byId(record.parentId);
    },
    get top() {
      return byId(top(record).id);
    },
    get frames() {
      const children = [...records.values()].filter(({ parentId }) => parentId === record.id);
      return children.flatMap(({ id }) => byId(id) ?? []);
    },
    isDestroyed: () => !records.has(record.id),
  });
}
