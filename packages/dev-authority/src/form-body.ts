import type { IncomingMessage } from 'node:http';
import type { Explanation } from './explanations.ts';

const MAX_BYTES = 16 * 1024;

/**
 * Reads the fields of a posted HTML form.
 * @throws Explanation when the body is larger than any of our forms
 */
export async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > MAX_BYTES) throw tooLarge;
    chunks.push(chunk);
  }
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
}

const tooLarge: Explanation = {
  status: 413,
  title: 'This form is too large',
  problem: `The authority reads at most ${MAX_BYTES} bytes of a form.`,
  advice: 'Go back and enter less.',
};
