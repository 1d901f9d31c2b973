import { connect, type Socket } from 'node:net';

/** What the load is to send: each of these tokens in turn, round and round or once only. */
export interface Load {
  readonly port: number;
  readonly connections: number;
  readonly from: number;
  readonly to: number;
  /** The token to begin with. @default from */
  readonly first?: number;
  /** Ends after this time, or, where it is not given, when every token was sent once. */
  readonly milliseconds?: number;
}

/** What came of it. A load with an answer other than 200 has no result at all. */
export interface LoadResult {
  readonly requests: number;
  readonly seconds: number;
  /** The share of the time in which the load had something to do: near 1 it was the limit, and not the server. */
  readonly busy: number;
  readonly p50Microseconds: number;
  readonly p99Microseconds: number;
}

let requests: readonly Buffer[] = [];

/** Tokens first, then one load after the other; each is answered with its result or with what went wrong. */
process.on('message', (message: { tokens: string[] } | Load) => {
  if ('tokens' in message) {
    requests = message.tokens.map(buildRequest);
    process.send?.({ ready: true });
  } else
    run(message).then(
      (result) => process.send?.(result),
      (error: Error) => process.send?.({ error: error.message }),
    );
});

const buildRequest = (token: string) =>
  Buffer.from(
    `GET /private HTTP/1.1\r\nHost: api.deskauth.example\r\nAccept: application/json\r\nAuthorization: Bearer ${token}\r\n\r\n`,
  );

async function run({
  port,
  connections,
  from,
  to,
  first = from,
  milliseconds: limit,
}: Load): Promise<LoadResult> {
  const latencies: number[] = [];
  const startedAt = performance.now();
  const endsAt = startedAt + (limit ?? Number.POSITIVE_INFINITY);
  let next = first;
  const take = () => {
    if (performance.now() >= endsAt) return undefined;
    if (next === to && limit !== undefined) next = from;
    return next < to ? requests[next++] : undefined;
  };
  const sleep = stayAwake(() => latencies.length);
  await Promise.all(Array.from({ length: connections }, () => useConnection(port, take, latencies)));
  const idleMilliseconds = sleep();
  const milliseconds = performance.now() - startedAt;
  const sorted = Float64Array.from(latencies).sort();
  const seconds = milliseconds / 1000;
  const microseconds = (share: number) => Math.round((sorted[Math.floor(sorted.length * share)] ?? 0) * 1000);
  return {
    ...{ requests: sorted.length, seconds, busy: 1 - idleMilliseconds / milliseconds },
    ...{ p50Microseconds: microseconds(0.5), p99Microseconds: microseconds(0.99) },
  };
}

/**
 * Keeps this process from sleeping: on a virtual machine to wake it up costs the server ten microseconds and more, for
 * each answer that it gives by itself, and less where answers come in bundles.
 * @param count grows with what there is to do
 * @returns what ends it, and tells how long there was nothing to do
 */
function stayAwake(count: () => number): () => number {
  let isOver = false;
  let idle = 0;
  let [lastAt, lastCount] = [performance.now(), count()];
  const look = () => {
    if (isOver) return;
    const now = performance.now();
    if (count() === lastCount) idle += now - lastAt;
    [lastAt, lastCount] = [now, count()];
    setImmediate(look);
  };
  look();
  return () => {
    isOver = true;
    return idle;
  };
}

const OK = Buffer.from('HTTP/1.1 200');
const END_OF_JSON = 0x7d;

/** Sends one request after the other on one connection that is kept. */
function useConnection(port: number, take: () => Buffer | undefined, latencies: number[]): Promise<void> {
  return new Promise((resolve, reject) => {
    let sentAt = 0;
    let isBegun = false;
    const send = () => {
      const request = take();
      if (!request) return void socket.destroy();
      sentAt = performance.now();
      isBegun = false;
      socket.write(request);
    };
    const receive = (length: number, bytes: Uint8Array) => {
      if (!isBegun && OK.compare(bytes, 0, OK.length) !== 0)
        reject(new Error(`Port ${port} answered ${Buffer.from(bytes.buffer, bytes.byteOffset, 12)}`));
      isBegun = true;
      if (bytes[length - 1] !== END_OF_JSON) return true;
      latencies.push(performance.now() - sentAt);
      send();
      return true;
    };
    const onread = { buffer: Buffer.alloc(4096), callback: receive };
    const socket: Socket = connect({ port, host: '127.0.0.1', noDelay: true, onread }, send);
    socket.once('error', reject).once('close', () => resolve());
  });
}
