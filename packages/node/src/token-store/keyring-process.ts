import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** One thing to do with one entry of the keyring. */
export interface KeyringQuestion {
  readonly id: number;
  readonly verb: 'load' | 'save' | 'remove';
  readonly service: string;
  readonly account: string;
  /** What to save. */
  readonly secret?: string;
}

/** What came of the question with this id. */
export interface KeyringAnswer {
  readonly id: number;
  readonly secret?: string | undefined;
  /** The platform's own words. */
  readonly fault?: string;
}

/** A running process that talks to the keyring. What passes is seen by these two processes only. */
export interface KeyringProcess {
  post(question: KeyringQuestion): void;
  /** Ends it, whatever it waits for. */
  kill(): void;
}

/** Starts the program `file`; never keeps this process running by itself. */
export type StartKeyringProcess = (
  file: string,
  onAnswer: (answer: KeyringAnswer) => void,
  onEnd: () => void,
) => KeyringProcess;

/** Asks the keyring. @throws Error in the platform's own words */
export type AskKeyring = (question: Omit<KeyringQuestion, 'id'>) => Promise<string | undefined>;

/** An idle process goes; one that is asked several times in a row is started once. */
const IDLE_MILLISECONDS = 5_000;
/** A question is open as long as a person may take to find the password; then its process is ended. */
const LONGEST_MILLISECONDS = 180_000;

/** One for all stores of the app: they ask the same keyring, and a locked one should show one prompt. */
const shared = new WeakMap<StartKeyringProcess, AskKeyring>();

/**
 * Asks the keyring in a process of its own: some keyrings block whoever asks, even at exit, for as long as they like.
 * @param start how a process is started here. @default Node's `fork`
 */
export function keyringProcess(start: StartKeyringProcess = forkNode): AskKeyring {
  const ask = shared.get(start) ?? createKeyringProcess(start);
  shared.set(start, ask);
  return ask;
}

function createKeyringProcess(start: StartKeyringProcess): AskKeyring {
  let current: ReturnType<typeof startOne> | undefined;
  return async (question) => {
    if (!current?.isUp()) current = startOne(start);
    const { fault, secret } = await current.ask(question);
    if (fault !== undefined) throw new Error(fault);
    return secret;
  };
}

/** One process, from its first question to its last. */
function startOne(start: StartKeyringProcess) {
  const open = new Map<number, (answer: KeyringAnswer) => void>();
  let isUp = true;
  let count = 0;
  let timer: NodeJS.Timeout | undefined;
  const running = start(programFile(), (answer) => open.get(answer.id)?.(answer), end);

  function end(): void {
    isUp = false;
    clearTimeout(timer);
    for (const [id, settle] of open) settle({ id, fault: 'the process that asks it has ended' });
  }
  function restartTimer(): void {
    clearTimeout(timer);
    const stop = () => {
      end();
      running.kill();
    };
    timer = setTimeout(stop, open.size > 0 ? LONGEST_MILLISECONDS : IDLE_MILLISECONDS).unref();
  }

  return {
    isUp: () => isUp,
    async ask(question: Omit<KeyringQuestion, 'id'>): Promise<KeyringAnswer> {
      const id = ++count;
      const answer = await new Promise<KeyringAnswer>((resolve) => {
        open.set(id, resolve);
        running.post({ ...question, id });
        restartTimer();
      });
      open.delete(id);
      if (isUp) restartTimer();
      return answer;
    },
  };
}

/** As a name of this package, so that it is found from a bundle, too. */
function programFile(): string {
  return fileURLToPath(import.meta.resolve('@deskauth/node/keyring-child'));
}

const forkNode: StartKeyringProcess = (file, onAnswer, onEnd) => {
  // A packaged Electron app would start itself once more.
  if (process.versions.electron) throw new Error('in Electron it is asked through createElectronSession');
  const env = { ...process.env, NODE_OPTIONS: '' };
  const child = fork(file, [], { env, execArgv: [], stdio: 'ignore' });
  child.on('message', onAnswer).on('error', onEnd).on('exit', onEnd).unref();
  child.channel?.unref();
  return {
    post: (question) => void child.send(question, () => undefined),
    kill: () => void child.kill('SIGKILL'),
  };
};
