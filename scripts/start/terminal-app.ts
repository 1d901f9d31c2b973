import { createInterface } from 'node:readline/promises';
import { createNodeSession, type FileSettings } from '@deskauth/node';
import { AuthError, type Expirable, type Session } from '@deskauth/session';

interface Company {
  readonly id: string;
  readonly name: string;
  readonly region: string;
}

const HELP =
  'companies · company ID · me · expire access-token|refresh-token|session · signin · signout · quit';
function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** The sample app without a window: the same session and the same API, by typed commands. Ends with `quit` or the signal. */
export async function runTerminalApp(
  settings: FileSettings,
  apiUrl: string,
  signal: AbortSignal,
): Promise<void> {
  const session = createNodeSession({ ...settings, apiAddresses: [apiUrl] });
  signal.addEventListener('abort', () => session.close());
  await session.restore();
  await showing(() => showCompanies(session, apiUrl));
  if (!process.stdin.isTTY) return untilAborted(signal);
  say(`\nCommands: ${HELP}`);
  const lines = createInterface({ input: process.stdin, output: process.stdout, prompt: '> ' });
  signal.addEventListener('abort', () => lines.close());
  lines.on('SIGINT', () => process.emit('SIGINT'));
  lines.prompt();
  for await (const line of lines) {
    const [command = '', operand = ''] = line.trim().split(/\s+/);
    if (command === 'quit') break;
    await showing(() => obey(session, apiUrl, command, operand));
    lines.prompt();
  }
  lines.close();
}

function obey(session: Session, apiUrl: string, command: string, operand: string): Promise<void> {
  switch (command) {
    case 'companies':
      return showCompanies(session, apiUrl);
    case 'company':
      return show(session, `${apiUrl}/api/companies/${encodeURIComponent(operand)}/transactions`);
    case 'me':
      return show(session, `${apiUrl}/api/userinfo`);
    case 'expire':
      return session.expire(operand as Expirable);
    case 'signin':
      return signIn(session);
    case 'signout':
      return session.signOut();
    default:
      say(HELP);
      return Promise.resolve();
  }
}

async function showCompanies(session: Session, apiUrl: string): Promise<void> {
  const response = await withSignIn(session, () => session.fetch(`${apiUrl}/api/companies`));
  if (!response.ok) return say(`The API answered ${response.status}.`);
  say(`\nCompanies of ${session.user?.displayName}`);
  for (const { id, name, region } of (await response.json()) as Company[])
    say(`  ${id.padEnd(4)} ${name.padEnd(32)} ${region}`);
}

async function show(session: Session, address: string): Promise<void> {
  const response = await withSignIn(session, () => session.fetch(address));
  say(JSON.stringify(await response.json(), null, 2));
}

/** With no usable session: sign in, then do what was asked for. */
async function withSignIn<T>(session: Session, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AuthError) || error.sessionKept) throw error;
    say(
      error.code === 'AUTH_SESSION_EXPIRED' ? 'Your sign-in has expired.' : 'Sign in to see your companies.',
    );
    await signIn(session);
    return work();
  }
}

async function signIn(session: Session): Promise<void> {
  const attempt = session.signIn();
  const unsubscribe = session.onChange((state) => {
    if (state.status === 'signing-in' && state.step === 'waiting' && !state.error)
      say(`\nOpen this address in a browser to sign in:\n\n  ${state.url}\n`);
  });
  const user = await attempt.finished.finally(unsubscribe);
  say(`Signed in as ${user.displayName}.`);
}

/** Errors are part of the story: said, with what to do next. */
async function showing(work: () => Promise<void>): Promise<void> {
  await work().catch((error: unknown) => {
    if (error instanceof AuthError)
      say(`${error.message}\n→ ${error.next} (${error.code}, error id ${error.errorId})`);
    else say((error as Error).message);
  });
}

const untilAborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve());
  });
