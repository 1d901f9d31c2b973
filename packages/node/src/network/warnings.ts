import type { SessionWarning } from '@deskauth/session';

/** What in this environment weakens the network for others than us. */
export function findWarnings(env: NodeJS.ProcessEnv = process.env): readonly SessionWarning[] {
  if (env.NODE_TLS_REJECT_UNAUTHORIZED !== '0') return [];
  return [
    {
      code: 'tls-checks-off',
      message:
        "NODE_TLS_REJECT_UNAUTHORIZED=0 is set. Sign-in and calls through the session check certificates all the same; everything else in this process does not. Remove it, and add your company's root certificate by the setting caFile.",
    },
  ];
}
