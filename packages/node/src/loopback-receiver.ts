import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AuthError, OpenRedirect, RedirectAnswer, SignInOutcome } from '@deskauth/session';
import { createAnswerQueue } from './answer-queue.ts';
import { readFormPost } from './form-post.ts';
import { linger } from './loopback-linger.ts';
import { refusalOf } from './loopback-request.ts';
import type { LoopbackServer } from './loopback-server.ts';
import { type Ending, type SendEnding, sendRefusal } from './pages/answer-page.ts';

/** What a listener needs to know beside its server. */
export interface ReceiverOptions {
  readonly path: string;
  /** Is the redirect URI at `localhost`, and not at the address? */
  readonly isNamed: boolean;
  readonly responseMode: 'form_post' | undefined;
  readonly lingerSeconds: number;
  readonly send: SendEnding;
}

/** Hands authorization responses on, and holds each browser until it can be told the end. */
export function receiveAnswers(server: LoopbackServer, options: ReceiverOptions): OpenRedirect {
  const { path, responseMode, send, isNamed } = options;
  const host = hostOf(server.address, isNamed);
  const queue = createAnswerQueue();
  const unfinished = new Set<RedirectAnswer>();
  const ends = createEnds();

  const arrive = (target: string, request: IncomingMessage, response: ServerResponse) => {
    const state = stateOf(target);
    const late = ends.ofLate(state);
    if (late) return send(request, response, late);
    const answer: RedirectAnswer = {
      url: `http://${host}${target}`,
      finish(outcome) {
        if (unfinished.delete(answer)) send(request, response, ends.settle(state, outcome));
      },
    };
    unfinished.add(answer);
    queue.push(answer);
  };

  server.onRequest((request, response) => {
    const refusal = refusalOf(request, { host, path, method: responseMode ? 'POST' : 'GET' });
    if (refusal) return sendRefusal(response, refusal);
    if (!responseMode) return arrive(request.url ?? '', request, response);
    readFormPost(request).then(
      (form) =>
        typeof form === 'string' ? arrive(`${path}?${form}`, request, response) : sendRefusal(response, form),
      () => response.destroy(),
    );
  });
  return {
    redirectUri: `http://${host}${path}`,
    ...(responseMode && { responseMode }),
    next: queue.next,
    async close(why) {
      const isFirst = ends.close(why);
      for (const answer of unfinished) answer.finish({ kind: 'unknown' });
      // Before anything is awaited: the next sign-in may ask for this port now.
      if (isFirst) linger(server, options.lingerSeconds);
      await (options.lingerSeconds === 0 ? server.close() : server.flush());
    },
  };
}

/** How sign-ins have ended, so that a second browser with the same state is told the same. */
function createEnds() {
  const ended = new Map<string, Ending>();
  let last: Ending | undefined;
  let late: Ending | undefined;
  /** Without a state: a page that was loaded again, after its own script had cleaned the address. */
  const find = (state: string) => ended.get(state) ?? (late && state === '' ? last : undefined) ?? late;

  return {
    /** The end that this answer is told, which for a state that has had its end is that one. */
    settle(state: string, outcome: SignInOutcome): Ending {
      const known = find(state);
      if (known) return known;
      if (outcome.kind !== 'unknown' && outcome.kind !== 'stray-error') {
        last = outcome.kind === 'signed-in' ? { kind: 'signed-in-already' } : outcome;
        ended.set(state, last);
      }
      return outcome;
    },
    /** The end for an answer that comes after {@link close}. */
    ofLate: (state: string) => late && find(state),
    close(why: AuthError | undefined): boolean {
      const isFirst = late === undefined;
      late ??= why ? { kind: 'failed', error: why.toJSON() } : { kind: 'unknown' };
      return isFirst;
    },
  };
}

function stateOf(target: string): string {
  return new URLSearchParams(target.slice(target.indexOf('?') + 1)).get('state') ?? '';
}

/** As a browser writes it: without the port that is http's own. */
function hostOf({ address, port, family }: AddressInfo, isNamed: boolean): string {
  const name = family === 'IPv6' ? `[${address}]` : address;
  return new URL(`http://${isNamed ? 'localhost' : name}:${port}`).host;
}
