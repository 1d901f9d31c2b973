import type {
  Fault,
  HostileAuthority,
  HttpBrowser,
  KeyRing,
} from '../../testing/hostile-authority/src/index.ts';

/** One client library, used as its own documentation shows it. */
export interface Client {
  readonly name: string;
  /** Why this fault says nothing about this client; undefined where it does. */
  skips(fault: Fault): string | undefined;
  /** True: the name of the issuer must be a public https address. */
  readonly needsPublicIssuer?: true;
  /** One sign-in after the other, as often as the fault wants; resolves when the last one succeeds. */
  signIn(fault: Fault, authority: HostileAuthority, browser: HttpBrowser, keys: KeyRing): Promise<unknown>;
}

/** The time that every client is given for one answer, where it takes such a limit. */
export const TIME_LIMIT_SECONDS = 1;

/** What only some clients can be told to do. */
export function needsMore(fault: Fault): string | undefined {
  if (fault.settings?.userInfo) return 'user info is not asked for in this use';
  if (fault.settings?.dpop) return 'bound tokens are not asked for in this use';
  if (fault.settings?.endpointOrigins || fault.settings?.otherAudiences || fault.options?.maxAgeSeconds)
    return 'a setting that this client does not have';
  return undefined;
}
