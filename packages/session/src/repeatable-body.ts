/** A body up to this size is read whole, so that the request can be sent again after a 401. */
const LARGEST_KEPT_BYTES = 1024 * 1024;

type RequestBody =
  | { readonly body: Uint8Array<ArrayBuffer> }
  | { readonly body: ReadableStream<Uint8Array>; readonly duplex: 'half' };

/** A small body as bytes; a large one as the stream it is, beginning with what was read to find out. */
export async function readRepeatableBody(stream: ReadableStream<Uint8Array>): Promise<RequestBody> {
  const reader = stream.getReader();
  const read: Uint8Array[] = [];
  let size = 0;
  while (size <= LARGEST_KEPT_BYTES) {
    const { done, value } = await reader.read();
    if (done) return { body: join(read, size) };
    read.push(value);
    size += value.byteLength;
  }
  return { body: continueWith(read, reader), duplex: 'half' };
}

function continueWith(
  read: Uint8Array[],
  reader: ReadableStreamDefaultReader<Uint8Array>,
): ReadableStream<Uint8Array> {
  return new ReadableStream({
    async pull(controller) {
      const chunk = read.shift() ?? (await reader.read()).value;
      if (chunk) controller.enqueue(chunk);
      else controller.close();
    },
    cancel: (reason) => reader.cancel(reason),
  });
}

function join(chunks: readonly Uint8Array[], size: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return whole;
}
