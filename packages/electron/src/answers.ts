import type { StorageReport } from '@deskauth/node';
import { AuthError, type Session, type SessionState } from '@deskauth/session';
import {
  parseExpirable,
  parseNothing,
  parseSignInOptions,
  parseSignOutOptions,
  RefusedMessage,
} from './arguments.ts';
import type { Channel, Messages, Outcome, SessionSnapshot } from './contract.ts';

interface Answer<C extends Channel> {
  /** @throws RefusedMessage */
  parse(value: unknown): Messages[C]['request'];
  run(request: Messages[C]['request']): Messages[C]['response'] | Promise<Messages[C]['response']>;
}

/** The answer to every message of the contract. */
export type Answers = { readonly [C in Channel]: Answer<C> };

/** What the answers need beyond the session. */
export interface AnswerPorts {
  /** Where the session is saved, once that is known. */
  storage(): StorageReport | undefined;
  readonly developerCommands: boolean;
  /** Puts a text on the clipboard. */
  copy(text: string): void;
}

/** Builds the answers, and the snapshot that windows are sent after every change. */
export function createAnswers(session: Session, { developerCommands, copy, storage }: AnswerPorts) {
  let revision = 0;

  const snapshot = (): SessionSnapshot => {
    const { state, storeFault } = session;
    const report = storage();
    revision += 1;
    return {
      state: withoutAddress(state),
      ...(storeFault && { storeFault }),
      ...(report && { storage: report }),
      developerCommands,
      revision,
    };
  };

  const answers: Answers = {
    'deskauth:snapshot': { parse: parseNothing, run: snapshot },
    'deskauth:sign-in': {
      parse: parseSignInOptions,
      run: (options) => void session.signIn(options),
    },
    'deskauth:open-again': { parse: parseNothing, run: () => session.pendingSignIn?.openAgain() },
    'deskauth:copy-address': {
      parse: parseNothing,
      run() {
        const url = session.pendingSignIn?.url;
        if (url !== undefined) copy(url);
      },
    },
    'deskauth:cancel': { parse: parseNothing, run: () => session.pendingSignIn?.cancel() },
    'deskauth:sign-out': { parse: parseSignOutOptions, run: (options) => session.signOut(options) },
    'deskauth:expire': {
      parse: parseExpirable,
      run(what) {
        if (!developerCommands) throw new RefusedMessage('Developer commands are switched off in this app.');
        return session.expire(what);
      },
    },
  };
  return { answers, snapshot };
}

/** A script in a page could have the person finish another one's sign-in with the state and nonce that are in the address. */
function withoutAddress(state: SessionState): SessionState {
  if (state.status !== 'signing-in') return state;
  const { url: _unseen, ...seen } = state;
  return seen;
}

/**
 * Answers one message. What a person may need to see crosses as data.
 * @throws RefusedMessage when the arguments are not those of the contract
 */
export async function answerMessage<C extends Channel>(
  answer: Answer<C>,
  args: readonly unknown[],
): Promise<Outcome<Messages[C]['response']>> {
  if (args.length > 1) throw new RefusedMessage('A message takes one argument at most.');
  const request = answer.parse(args[0]);
  try {
    return { ok: true, value: await answer.run(request) };
  } catch (error) {
    if (error instanceof AuthError) return { ok: false, error: error.toJSON() };
    throw error;
  }
}
