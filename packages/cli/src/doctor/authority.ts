import { createNodeSession, machineFetch } from '@deskauth/node';
import { AuthError, type Session } from '@deskauth/session';
import { APP_NAME } from '../app-name.ts';
import type { Profile } from '../profile.ts';
import type { Finding } from './finding.ts';

const check = 'server';

/**
 * Goes the way of a real sign-in up to where a browser would be opened: network, certificate, metadata, issuer, endpoints.
 * No browser is opened and nobody is signed in.
 */
export async function checkAuthority(profile: Profile): Promise<readonly Finding[]> {
  try {
    return await goTheWay(profile);
  } catch (error) {
    // What is wrong with a flag is a finding beside those about the machine.
    if (error instanceof AuthError) return [badFinding(error)];
    throw error;
  }
}

async function goTheWay(profile: Profile): Promise<readonly Finding[]> {
  const { storeKind: _, ...settings } = profile;
  let document: Response | undefined;
  const base = machineFetch(settings);
  const session = createNodeSession({
    ...{ ...settings, appName: APP_NAME, store: 'memory', onWarning: () => {} },
    browser: { open: async () => reachTheBrowser() },
    async fetch(input, init) {
      const response = await base(input, init);
      if (String(input).includes('/.well-known/')) document ??= response.clone();
      return response;
    },
  });
  let reachTheBrowser = () => {};
  const reached = new Promise<undefined>((resolve) => {
    reachTheBrowser = () => resolve(undefined);
  });
  const attempt = session.signIn();
  const ended = attempt.finished.then(
    () => undefined,
    (error: AuthError) => error,
  );
  const fault = await Promise.race([reached, ended]);
  attempt.cancel();
  session.close();
  return [...(await describe(document, fault)), ...clockOf(session, document)];
}

function badFinding({ code, network, message, next }: AuthError): Finding {
  return { check, verdict: 'bad', says: `${code}${network ? ` (${network})` : ''}: ${message}`, next };
}

async function describe(document: Response | undefined, fault: AuthError | undefined): Promise<Finding[]> {
  if (fault) return [badFinding(fault)];
  const metadata = (await document?.json().catch(() => undefined)) as Metadata | undefined;
  const reachable: Finding = {
    check,
    verdict: 'good',
    says: `${metadata?.issuer ?? 'the metadata'} is in order`,
  };
  return [reachable, ...(metadata ? whatIsMissing(metadata) : [])];
}

/** What is looked at in a server's metadata (RFC 8414 §2, OIDC Discovery §3). */
interface Metadata {
  readonly issuer?: string;
  readonly [name: string]: unknown;
}

const MISSING: readonly (readonly [
  isMissing: (metadata: Metadata) => boolean,
  says: string,
  next?: string,
])[] = [
  [
    ({ code_challenge_methods_supported: methods }) => !Array.isArray(methods) || !methods.includes('S256'),
    'it does not say that it checks PKCE (S256)',
    'Ask its administrator: without that a stolen code can be used.',
  ],
  [
    ({ authorization_response_iss_parameter_supported: isNamed }) => isNamed !== true,
    'it does not name itself in its answers (iss), so answers of two servers can be mixed up (RFC 9207)',
  ],
  [
    ({ scopes_supported: scopes }) => Array.isArray(scopes) && !scopes.includes('offline_access'),
    'it has no scope offline_access: sessions may be short',
  ],
  [(metadata) => metadata.revocation_endpoint === undefined, 'tokens cannot be given back at sign-out'],
  [
    (metadata) => metadata.end_session_endpoint === undefined,
    "the browser's session cannot be ended at sign-out",
  ],
];

function whatIsMissing(metadata: Metadata): Finding[] {
  return MISSING.filter(([isMissing]) => isMissing(metadata)).map(([, says, next]) => ({
    ...{ check, verdict: 'note' as const, says },
    ...(next !== undefined && { next }),
  }));
}

function clockOf({ warnings }: Session, document: Response | undefined): Finding[] {
  if (!document?.headers.has('date')) return [];
  const warning = warnings.find(({ code }) => code === 'clock-differs');
  if (!warning) return [{ check: 'clock', verdict: 'good', says: "agrees with the server's" }];
  return [{ check: 'clock', verdict: 'note', says: warning.message }];
}
