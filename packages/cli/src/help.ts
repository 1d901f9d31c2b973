/** What a command does, and what it can be told. */
interface CommandHelp {
  /** The lines of the overview. */
  readonly overview: string;
  /** Its flags, with a word about each. */
  readonly flags?: string;
}

const OF_ACCOUNT = `  --account NAME          one of several accounts that are signed in at once; with every command that means it
`;

const OF_LAST_LOGIN = `  It uses the session of the last login, or that of --issuer and --client-id.
`;

const LOGIN_FLAGS = `  --scope TEXT            scopes, space-separated, openid among them (default: openid profile email offline_access)
  --resource URI          the API that tokens are for (RFC 8707); repeatable
  --param NAME=VALUE      extra authorization request parameter; repeatable
  --prompt VALUE          login, select_account, consent or none
  --login-hint TEXT       who is probably signing in
  --redirect-port PORT    port of http://127.0.0.1:PORT/callback; repeatable, tried in order
                          (default: a free one given by the system)
  --redirect-path PATH    path of the redirect URI (default: /callback)
  --redirect-host HOST    127.0.0.1, ::1, or localhost for a server that takes nothing else (default: 127.0.0.1)
  --sign-out-path PATH    path where the browser comes back to after logout --at-server (default: /signed-out)
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
`;

/** All commands, in the order in which they are shown. */
const COMMANDS: Readonly<Record<string, CommandHelp>> = {
  login: {
    overview: `  deskauth login --issuer URL --client-id ID   sign in with the browser and keep the session
`,
    flags: LOGIN_FLAGS,
  },
  whoami: {
    overview: `  deskauth whoami                              who is signed in; exit code 0 only if somebody is
`,
    flags: `  --json                  for other programs
`,
  },
  call: {
    overview: `  deskauth call URL                            call an API with the access token
`,
    flags: `  -X, --request METHOD    default: GET; POST with -d
  -d, --data DATA         what is sent
  -H, --header 'Name: value'   one more header; repeatable
`,
  },
  accounts: {
    overview: `  deskauth accounts                            those that a login named with --account
`,
  },
  logout: {
    overview: `  deskauth logout                              end the session on this machine and revoke its tokens
  deskauth logout --at-server                  the same, and the session in the browser
`,
  },
  expire: {
    overview: `  deskauth expire access-token|refresh-token|session
                                               for developers: see what happens when one expires
`,
  },
  authority: {
    overview: `  deskauth authority                           start an authorization server for development
`,
    flags: `  --port PORT             default: 3700
  --directory PATH        for its keys (default: .deskauth/authority)
  --profile NAME          with the ways of okta, auth0, entra, entra-v1, b2c, google, ping, keycloak or cognito
  --https                 at https://login.deskauth.localhost, with the certificates of deskauth certs; --domain NAME for another
  --api-audience URI      the API that access tokens are for (default: https://api.deskauth.example)
  --admin                 make faults and revoke tokens from outside, on another port
`,
  },
  certs: {
    overview: `  deskauth certs                               host names and certificates for web, API and sign-in on this machine
`,
    flags: `  --domain NAME           the local domain (default: deskauth.localhost)
  --directory PATH        for root, certificate and keys (default: .deskauth/certificates)
  --json                  where they are, for other programs
`,
  },
  doctor: {
    overview: `  deskauth doctor                              what a sign-in from this machine stands on, and what is wrong with it
`,
    flags: `  --issuer URL            try this server too, with the flags of login
  --address URL           look whether this https server can be trusted, an API's or a page's; repeatable
  --redirect-port PORT, --redirect-host HOST   look at this port; repeatable
  --scheme NAME           look whether links of this scheme lead to an app
  --json                  for other programs
`,
  },
  trace: {
    overview: `  deskauth trace --issuer URL --client-id ID   sign in once and show every message of it, without its secrets
`,
    flags: `  --out FILE              FILE.txt, or FILE.svg for a picture; repeatable (default: text on stdout)
  --no-browser            print the authorization address: on stderr where the trace goes to stdout
  The other flags are those of login.
`,
  },
  interstitial: {
    overview: `  deskauth interstitial --scheme com.example.app --name "Example App" > page.html
                                               a page that leads from the browser back to an app's own scheme
`,
    flags: `  --redirect-path PATH    path of the app's link (default: /callback); host the page anywhere, by https
  --logo FILE, --accent '#rrggbb'   your brand; twice: for light and for dark pages
`,
  },
};

const OF_LAST_LOGIN_COMMANDS: ReadonlySet<string> = new Set(['whoami', 'call', 'logout', 'expire']);
const WITH_ACCOUNT: ReadonlySet<string> = new Set(['login', ...OF_LAST_LOGIN_COMMANDS]);

/** The names of all commands. */
export const COMMAND_NAMES: readonly string[] = Object.keys(COMMANDS);

/** What there is, of all commands. */
export function buildHelp(): string {
  const all = Object.entries(COMMANDS);
  const overview = all.map(([, command]) => command.overview).join('');
  const flags = all.flatMap(([name, command]) => (command.flags ? [`${name}\n${command.flags}`] : []));
  return `deskauth: sign in from a terminal, with any OpenID Connect server

${overview}
${OF_ACCOUNT}  --version, -v           the version of this program
  --help, -h              all of this; after a command: its own part

whoami, call, logout and expire use the session of the last login, or that of --issuer and --client-id.

${flags.join('\n')}`;
}

/** What there is of one command; undefined when there is no such command. */
export function buildCommandHelp(name: string): string | undefined {
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) return undefined;
  const account = WITH_ACCOUNT.has(name) ? OF_ACCOUNT : '';
  const lastLogin = OF_LAST_LOGIN_COMMANDS.has(name) ? OF_LAST_LOGIN : '';
  const flags = `${command.flags ?? ''}${account}${lastLogin}`;
  return `${command.overview}${flags && `\n${flags}`}\nAll commands: deskauth --help`;
}
