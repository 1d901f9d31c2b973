import type { WebFrameMain } from 'electron';
import { partial } from './partial.ts';
import { originOf } from './scheme-address.ts';

/** What is known of a frame. */
export interface FrameRecord {
  readonly id: string;
  readonly parentId: string | undefined;
  readonly number: number;
  /** As the app knows it: with the app's scheme. */
  address: string;
  name: string;
}

/** The frames around a frame. */
export interface FrameTree {
  record(id: string | undefined): FrameRecord | undefined;
  records(): Iterable<FrameRecord>;
  frame(id: string | undefined): WebFrameMain | null;
}

/** A frame as the app sees it. Its numbers tell frames apart and mean nothing else. */
export function createWebFrame(own: FrameRecord, tree: FrameTree): WebFrameMain {
  const isGone = () => tree.record(own.id) === undefined;
  return partial<WebFrameMain>('WebFrameMain', {
    frameTreeNodeId: own.number,
    routingId: own.number,
    processId: own.number,
    frameToken: own.id,
    get url() {
      return own.address;
    },
    get origin() {
      return originOf(own.address);
    },
    get name() {
      return own.name;
    },
    get parent() {
      return tree.frame(own.parentId);
    },
    get top() {
      return tree.frame(topOf(own, tree).id);
    },
    get frames() {
      const children = [...tree.records()].filter(({ parentId }) => parentId === own.id);
      return children.flatMap(({ id }) => tree.frame(id) ?? []);
    },
    get detached() {
      return isGone();
    },
    isDestroyed: isGone,
  });
}

function topOf(record: FrameRecord, tree: FrameTree): FrameRecord {
  const parent = tree.record(record.parentId);
  return parent ? topOf(parent, tree) : record;
}
