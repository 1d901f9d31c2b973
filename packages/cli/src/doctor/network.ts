import { createRoute, loadTrustedRoots, type NetworkSettings } from '@deskauth/node';
import { AuthError } from '@deskauth/session';
import type { Finding } from './finding.ts';

/** Which proxy is used on the way to the server? Its password is not shown. */
export function checkProxy(issuer: string | undefined, env = process.env): readonly Finding[] {
  const check = 'proxy';
  try {
    // What is no address is told where the server is tried.
    const address = issuer !== undefined && URL.canParse(issuer) ? issuer : 'https://login.example.com';
    const proxy = createRoute({}, env)(new URL(address));
    if (!proxy) return [{ check, verdict: 'good', says: 'none' }];
    const { url, from, authorization } = proxy;
    const signIn = authorization ? ', with a user name' : '';
    return [{ check, verdict: 'good', says: `${url.host}, named by ${from}${signIn}` }];
  } catch (error) {
    if (!(error instanceof AuthError)) throw error;
    return [{ check, verdict: 'bad', says: error.message, next: error.next }];
  }
}

/** Which root certificates are trusted, and is something switched off? */
export function checkRoots(settings: NetworkSettings, env = process.env): readonly Finding[] {
  const check = 'certificates';
  const { sources, faults } = loadTrustedRoots(settings);
  const notes = faults.map((says): Finding => ({ check, verdict: 'note', says }));
  if (env.NODE_TLS_REJECT_UNAUTHORIZED === '0')
    notes.push({
      ...{
        check,
        verdict: 'bad',
        says: 'NODE_TLS_REJECT_UNAUTHORIZED=0: whatever is not deskauth trusts everybody',
      },
      next: "Remove it, and name your company's root certificate in NODE_EXTRA_CA_CERTS.",
    });
  return [{ check, verdict: 'good', says: sources.join(', ') }, ...notes];
}
