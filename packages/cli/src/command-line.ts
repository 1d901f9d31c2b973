import { type ParseArgsConfig, parseArgs } from 'node:util';

/** A command line that cannot be understood; the text says what was expected. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** All flags of all commands. One table, so that a flag means the same everywhere. */
const FLAGS = {
  issuer: { type: 'string' },
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
  admin: { type: 'boolean' },
  scheme: { type: 'string' },
  name: { type: 'string' },
  logo: { type: 'string', multiple: true },
  accent: { type: 'string', multiple: true },
  out: { type: 'string', multiple: true },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
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
    throw new UsageError((error as Error).message);
  }
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

export const HELP = `deskauth: sign in from a terminal, with any OpenID Connect server

  deskauth login --issuer URL --client-id ID   sign in with the browser and keep the session
  deskauth whoami                              who is signed in; exit code 0 only if somebody is
  deskauth call URL                            call an API with the access token
  deskauth accounts                            those that a login named with --account
  deskauth logout                              end the session on this machine and revoke its tokens
  deskauth logout --at-server                  the same, and the session in the browser
  deskauth expire access-token|refresh-token|session
                                               for developers: see what happens when one expires
  deskauth authority                           start an authorization server for development
  deskauth doctor                              what a sign-in from this machine stands on, and what is wrong with it
  deskauth trace --issuer URL --client-id ID   sign in once and show every message of it, without its secrets
  deskauth interstitial --scheme com.example.app --name "Example App" > page.html
                                               a page that leads from the browser back to an app's own scheme

  --account NAME          one of several accounts that are signed in at once; with every command that means it

login
  --scope TEXT            scopes, space-separated, openid among them (default: openid profile email offline_access)
  --resource URI          the API that tokens are for (RFC 8707); repeatable
  --param NAME=VALUE      extra authorization request parameter; repeatable
  --prompt VALUE          login, select_account, consent or none
  --login-hint TEXT       who is probably signing in
  --redirect-port PORT    port of http://127.0.0.1:PORT/callback; repeatable, tried in order
                          (default: a free one given by the system)
  --redirect-path PATH    path of the redirect URI (default: /callback)
  --redirect-host HOST    127.0.0.1 or ::1 (default: 127.0.0.1)
  --no-browser            print the authorization address on stdout and wait
  --device                sign in on another device, with a code (RFC 8628); only where no browser can be opened
  --allow-http            permit an http issuer on a loopback address
  --userinfo              ask the userinfo endpoint for the user's claims
  --dpop                  bind tokens to a key (RFC 9449); the API must know such tokens
  --par                   hand the request to the server beforehand (RFC 9126), for clients that must
  --endpoint-origin URL   permit endpoints on this origin beside the issuer's domain; repeatable
  --ca-file PATH          trust these root certificates too: those of a company (PEM)
  --metadata-address URL  where the server's metadata is, when not under its issuer
  --tenant ID             for an issuer that many tenants share: whose people may sign in; repeatable
  --other-audience NAME   permit this audience in the ID token beside the client id; repeatable
  --time-limit SECONDS    how long to wait for the browser (default: 600)
  --store KIND            keyring, key-file or memory (default: keyring; key-file where there is none)
  A client secret, for the few providers that give one to native apps, is read from DESKAUTH_CLIENT_SECRET.

whoami, call, logout and expire use the session of the last login, or that of --issuer and --client-id.
call        -X METHOD, -d DATA, -H 'Name: value'
whoami      --json
trace       --out FILE.txt or FILE.svg (a picture), repeatable (default: text on stdout); the flags of login
doctor      --issuer URL and its flags, to try the server too; --redirect-port, --scheme NAME, --json
authority   --port PORT (default: 3700), --directory PATH for its keys (default: .deskauth/authority),
            --admin to make faults and revoke tokens from outside, on another port
interstitial  --redirect-path PATH of the app's link (default: /callback); host the page anywhere, by https
              --logo FILE, --accent '#rrggbb': your brand; twice: for light and for dark pages
`;
