import type { DevicePrompt } from '@deskauth/session';
import { print, say, withoutControls } from './terminal.ts';

/** Whose sign-in it is. */
export interface DeviceRequester {
  readonly issuer: string;
  readonly clientId: string;
}

/**
 * Shows the code with all that a person needs to decide: where, which app, what it may do, and that the code is for
 * nobody else (RFC 8628 §5.4, RFC 10027). The address with the code in it goes to stdout alone, for a script that draws a
 * QR code; nothing is opened.
 */
export function showDevicePrompt(prompt: DevicePrompt, { issuer, clientId }: DeviceRequester): void {
  const { userCode, verificationUri, verificationUriComplete, scope, expiresAt } = prompt;
  const minutes = Math.max(1, Math.round((expiresAt - Date.now() / 1000) / 60));
  say(`Sign in on another device, within ${minutes === 1 ? 'a minute' : `${minutes} minutes`}:

  1. Open   ${verificationUri}
  2. Enter  ${userCode}

This signs in the program "${clientId}" on this machine at ${issuer}.
It asks for: ${scope}
Go on only if you started this yourself. Never enter a code that somebody sent you, and give this one to nobody.
`);
  print(withoutControls(verificationUriComplete ?? verificationUri));
}
