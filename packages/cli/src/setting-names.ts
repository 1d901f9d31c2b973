/** What a setting of the library is called on the command line. */
const FLAGS: ReadonlyMap<string, string> = new Map([
  ['issuer', '--issuer'],
  ['clientId', '--client-id'],
  ['clientSecret', 'DESKAUTH_CLIENT_SECRET'],
  ['scope', '--scope'],
  ['resource', '--resource'],
  ['parameters', '--param'],
  ['tenants', '--tenant'],
  ['metadataAddress', '--metadata-address'],
  ['endpointOrigins', '--endpoint-origin'],
  ['otherAudiences', '--other-audience'],
  ['allowHttp', '--allow-http'],
  ['caFile', '--ca-file'],
  ['userInfo', '--userinfo'],
  ['pushedAuthorization', '--par'],
  ['dpop', '--dpop'],
  ['signInTimeLimitSeconds', '--time-limit'],
  ['redirectPorts', '--redirect-port'],
  ['redirectHost', '--redirect-host'],
  ['redirectPath', '--redirect-path'],
  ['signOutPath', '--sign-out-path'],
  ['scheme', '--scheme'],
  ['pages.accent', '--accent'],
  ['pages.logo', '--logo'],
]);

/** A text of the library in the words of the command line: `setting "allowHttp"` is `--allow-http` there. */
export function inFlags(text: string): string {
  return text.replace(/\b(?:the )?setting "?(\w+)((?:\.\w+)*)"?/gi, (whole, name: string, rest: string) => {
    const flag = FLAGS.get(name);
    return FLAGS.get(`${name}${rest}`) ?? (flag === undefined ? whole : `${flag}${rest}`);
  });
}
