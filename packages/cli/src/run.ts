import { type CommandLine, parseCommandLine, UsageError } from './command-line.ts';
import { accounts } from './commands/accounts.ts';
import { authority } from './commands/authority.ts';
import { call } from './commands/call.ts';
import { certs } from './commands/certs.ts';
import { doctor } from './commands/doctor.ts';
import { expire } from './commands/expire.ts';
import { interstitial } from './commands/interstitial.ts';
import { login } from './commands/login.ts';
import { logout } from './commands/logout.ts';
import { trace } from './commands/trace.ts';
import { whoami } from './commands/whoami.ts';
import { buildCommandHelp, buildHelp, COMMAND_NAMES } from './help.ts';
import { findNear } from './near-word.ts';
import { print, say, sayError } from './terminal.ts';
import { ownVersion } from './version.ts';

const FAILED = 1;
const MISUSED = 2;

/** Runs one command; the result is the exit code: 0 only on success. */
export async function run(args: readonly string[]): Promise<number> {
  try {
    return await dispatch(parseCommandLine(args));
  } catch (error) {
    if (!(error instanceof UsageError)) {
      sayError(error);
      return FAILED;
    }
    say(`${error.message}\nMore: deskauth --help`);
    return MISUSED;
  }
}

/** The commands that are told everything by flags. */
const WITHOUT_OPERANDS = new Set([
  ...['login', 'whoami', 'logout', 'accounts', 'trace', 'doctor', 'authority', 'certs', 'interstitial'],
]);

function dispatch(commandLine: CommandLine): Promise<number> | number {
  const { command, operands, flags } = commandLine;
  if (flags.version) {
    print(ownVersion());
    return 0;
  }
  if (flags.help || command === undefined || command === 'help') return help(commandLine);
  if (operands.length > 0 && WITHOUT_OPERANDS.has(command))
    throw new UsageError(`${command} takes no "${operands[0]}": it has flags only.`);
  switch (command) {
    case 'login':
      return login(flags);
    case 'whoami':
      return whoami(flags);
    case 'call':
      return call(operands, flags);
    case 'logout':
      return logout(flags);
    case 'expire':
      return expire(operands, flags);
    case 'accounts':
      return accounts();
    case 'trace':
      return trace(flags);
    case 'doctor':
      return doctor(flags);
    case 'authority':
      return authority(flags);
    case 'certs':
      return certs(flags);
    case 'interstitial':
      return interstitial(flags);
    default:
      throw noCommand(command);
  }
}

/** All of it, or the part of the command that was named. Asked for by nobody it is the answer to a mistake. */
function help({ command, operands, flags }: CommandLine): number {
  const subject = command === 'help' ? operands[0] : command;
  const text = subject === undefined ? buildHelp() : buildCommandHelp(subject);
  if (subject !== undefined && text === undefined) throw noCommand(subject);
  print(text ?? '');
  return command === undefined && !flags.help ? MISUSED : 0;
}

function noCommand(name: string): UsageError {
  const near = findNear(name, COMMAND_NAMES);
  return new UsageError(`There is no command "${name}"${near === undefined ? '' : `; near it is ${near}`}.`);
}
