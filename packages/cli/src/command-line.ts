import { type ParseArgsConfig, parseArgs } from 'node:util';
import { findNear } from './near-word.ts';

/** A command line that cannot be understood; the text says what was expected. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** All flags of all commands. One table, so that a flag means the same everywhere. */
const FLAGS = {
  issuer: { type: 'string' },
  address: { type: 'string', multiple: true },
  'client-id': { type: 'string' },
  account: { type: 'string' },
  'metadata-address': { type: 'string' },
  tenant: { type: 'string', multiple: true },
  scope: { type: 'string' },
  resource: { type: 'string', multiple: true },
  param: { type: 'string', multiple: true },
  prompt: { type: 'string' },
  'login-hint': { type: 'string' },
  'redirect-port': { type: 'string', multiple: true },
  'redirect-path': { type: 'string' },
  'redirect-host': { type: 'string' },
  'sign-out-path': { type: 'string' },
  'time-limit': { type: 'string' },
  'no-browser': { type: 'boolean' },
  'at-server': { type: 'boolean' },
  device: { type: 'boolean' },
  'allow-http': { type: 'boolean' },
  userinfo: { type: 'boolean' },
  par: { type: 'boolean' },
  dpop: { type: 'boolean' },
  'other-audience': { type: 'string', multiple: true },
  'endpoint-origin': { type: 'string', multiple: true },
  'ca-file': { type: 'string' },
  store: { type: 'string' },
  request: { type: 'string', short: 'X' },
  data: { type: 'string', short: 'd' },
  header: { type: 'string', short: 'H', multiple: true },
  port: { type: 'string' },
  directory: { type: 'string' },
  domain: { type: 'string' },
  https: { type: 'boolean' },
  admin: { type: 'boolean' },
  profile: { type: 'string' },
  'api-audience': { type: 'string' },
  scheme: { type: 'string' },
  name: { type: 'string' },
  logo: { type: 'string', multiple: true },
  accent: { type: 'string', multiple: true },
  out: { type: 'string', multiple: true },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
} as const satisfies NonNullable<ParseArgsConfig['options']>;

/** The flags as parsed. */
export type Flags = ReturnType<typeof parse>['values'];

/** What was asked for. */
export interface CommandLine {
  readonly command: string | undefined;
  readonly operands: readonly string[];
  readonly flags: Flags;
}

/**
 * Parses the arguments after the program's name.
 * @throws UsageError
 */
export function parseCommandLine(args: readonly string[]): CommandLine {
  const { positionals, values } = parse(args);
  const [command, ...operands] = positionals;
  return { command, operands, flags: values };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: FLAGS, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError(describe(error as NodeJS.ErrnoException));
  }
}

/** Node speaks of operands that begin with a dash, where somebody has misspelt an option. */
function describe({ code, message }: NodeJS.ErrnoException): string {
  const name = code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION' && /'(-[^']+)'/.exec(message)?.[1];
  if (!name) return message;
  const near = findNear(name.replace(/^--/, ''), Object.keys(FLAGS));
  return `unknown option ${name}${near === undefined ? '' : `; near it is --${near}`}`;
}

/** A whole number from a flag. @throws UsageError */
export function parseNumber(flag: string, text: string, most = Number.MAX_SAFE_INTEGER): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value <= most) return value;
  throw new UsageError(`--${flag}: expected a whole number up to ${most}, found "${text}".`);
}

/** `name=value` pairs from a repeatable flag. @throws UsageError */
export function parsePairs(flag: string, pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const mark = pair.indexOf('=');
      if (mark < 1) throw new UsageError(`--${flag}: expected name=value, found "${pair}".`);
      return [pair.slice(0, mark), pair.slice(mark + 1)];
    }),
  );
}
