import type { IncomingMessage } from 'node:http';
import { MOST_PARAMETERS, type Refusal } from './loopback-request.ts';

/** An authorization response is a few hundred bytes. */
const LARGEST_FORM_BYTES = 64 * 1024;

/**
 * Reads an authorization response that was posted as a form (OAuth 2.0 Form Post Response Mode), as the query that it
 * would have been. Nothing in it is decoded: what is there twice stays there twice.
 */
export async function readFormPost(request: IncomingMessage): Promise<string | Refusal> {
  if (!/^application\/x-www-form-urlencoded\s*(;|$)/i.test(request.headers['content-type'] ?? ''))
    return { status: 415, text: 'Only a form is answered here.' };
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    // Read to the end and thrown away: who stops reading resets the connection, and the refusal is lost.
    if (size <= LARGEST_FORM_BYTES) chunks.push(chunk);
  }
  if (size > LARGEST_FORM_BYTES) return { status: 413, text: 'The form is too large.' };
  const form = Buffer.concat(chunks).toString('latin1');
  // A line break or a "#" would end the query in an address; a form that a browser sent has neither.
  const isForm = /^[\x21\x24-\x7e]*$/.test(form) && form.split('&').length <= MOST_PARAMETERS;
  return isForm ? form : { status: 400, text: 'This is not a form.' };
}
