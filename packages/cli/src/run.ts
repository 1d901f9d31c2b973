import { type CommandLine, HELP, parseCommandLine, UsageError } from './command-line.ts';
import { accounts } from './commands/accounts.ts';
import { authority } from './commands/authority.ts';
import { call } from './commands/call.ts';
import { doctor } from './commands/doctor.ts';
import { expire } from './commands/expire.ts';
import { interstitial } from './commands/interstitial.ts';
import { login } from './commands/login.ts';
import { logout } from './commands/logout.ts';
import { trace } from './commands/trace.ts';
import { whoami } from './commands/whoami.ts';
import { print, say, sayError } from './terminal.ts';

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
  ...['login', 'whoami', 'logout', 'accounts', 'trace', 'doctor', 'authority', 'interstitial'],
]);

function dispatch({ command, operands, flags }: CommandLine): Promise<number> | number {
  if (flags.help || command === undefined || command === 'help') {
    print(HELP);
    return command === undefined && !flags.help ? MISUSED : 0;
  }
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
    case 'interstitial':
      return interstitial(flags);
    default:
      throw new UsageError(`There is no command "${command}".`);
  }
}
