import type { WebFrameMain } from 'electron';
import type { CdpSession } from './cdp-pipe.ts';
import { fromChromium } from './scheme-address.ts';
import { createWebFrame, type FrameRecord, type FrameTree } from './web-frame.ts';

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

type AddFrame = (id: string, parentId?: string) => FrameRecord;

let frameCount = 0;

/** Follows the frames of a page from the moment it is attached. */
export function followFrames(session: CdpSession, mainId: string, worldName: string): Frames {
  const records = new Map<string, FrameRecord>();
  const worlds = followWorlds(session, worldName);
  const tree = createTree(records);
  const add: AddFrame = (id, parentId) => {
    const record = records.get(id) ?? { id, parentId, number: ++frameCount, address: '', name: '' };
    records.set(id, record);
    return record;
  };
  const follow = (part: CdpSession) => followRecords(part, add, (id) => records.delete(id));
  add(mainId);
  follow(session);
  return {
    main: tree.frame(mainId) as WebFrameMain,
    follow,
    byId: tree.frame,
    ofWorld: (contextId) => tree.frame(worlds.get(contextId)),
    currentWorld: () => [...worlds].findLast(([, frameId]) => frameId === mainId)?.[0],
    update(contextId, address) {
      const record = tree.record(worlds.get(contextId));
      if (record) record.address = fromChromium(address);
    },
  };
}

function createTree(records: ReadonlyMap<string, FrameRecord>): FrameTree {
  const frames = new WeakMap<FrameRecord, WebFrameMain>();
  const tree: FrameTree = {
    record: (id) => records.get(id ?? ''),
    records: () => records.values(),
    frame(id) {
      const record = tree.record(id);
      if (!record) return null;
      const frame = frames.get(record) ?? createWebFrame(record, tree);
      frames.set(record, frame);
      return frame;
    },
  };
  return tree;
}

function followRecords(session: CdpSession, add: AddFrame, remove: (id: string) => void): void {
  session.on('Page.frameAttached', ({ frameId, parentFrameId }) => void add(frameId, parentFrameId));
  session.on('Page.frameNavigated', ({ frame }) => {
    const record = add(frame.id, frame.parentId);
    record.address = fromChromium(frame.url + (frame.urlFragment ?? ''));
    record.name = frame.name ?? '';
  });
  session.on('Page.navigatedWithinDocument', ({ frameId, url }) => {
    add(frameId).address = fromChromium(url);
  });
  session.on('Page.frameDetached', ({ frameId, reason }) => {
    // A swapped frame goes on in another process.
    if (reason === 'remove') remove(frameId);
  });
}

/** Which frame each preload's world belongs to. */
function followWorlds(session: CdpSession, worldName: string): ReadonlyMap<number, string> {
  const worlds = new Map<number, string>();
  session.on('Runtime.executionContextCreated', ({ context }) => {
    const { frameId } = context.auxData as { frameId: string };
    if (context.name === worldName) worlds.set(context.id, frameId);
  });
  session.on('Runtime.executionContextDestroyed', ({ executionContextId }) => {
    worlds.delete(executionContextId);
  });
  session.on('Runtime.executionContextsCleared', () => worlds.clear());
  return worlds;
}
