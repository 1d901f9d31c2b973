import { hash } from 'node:crypto';

/**
 * The name of a token outside this process: all of its characters count, nothing of it can be read back, and it is the
 * same in every instance of an API.
 */
export function digestToken(text: string): string {
  return hash('sha256', text, 'binary');
}
