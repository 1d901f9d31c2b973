import { buildInterstitialPage } from '@deskauth/node';
import { type Flags, UsageError } from '../command-line.ts';
import { print } from '../terminal.ts';

/** Prints a page that passes authorization responses on to an app's private-use URI scheme. */
export function interstitial({ scheme, name, 'redirect-path': path }: Flags): number {
  if (!scheme || !name)
    throw new UsageError('interstitial needs --scheme com.example.app and --name "Example App".');
  print(buildInterstitialPage({ scheme, appName: name, ...(path !== undefined && { path }) }).trimEnd());
  return 0;
}
