import { buildInterstitialPage, loadLogo, type Themed } from '@deskauth/node';
import { type Flags, UsageError } from '../command-line.ts';
import { print } from '../terminal.ts';

/** Prints a page that passes authorization responses on to an app's private-use URI scheme. */
export async function interstitial(flags: Flags): Promise<number> {
  const { scheme, name, 'redirect-path': path } = flags;
  if (!scheme || !name)
    throw new UsageError('interstitial needs --scheme com.example.app and --name "Example App".');
  const logo = parseThemed('logo', await Promise.all((flags.logo ?? []).map(loadLogo)));
  const accent = parseThemed('accent', flags.accent ?? []);
  const page = buildInterstitialPage({
    ...{ scheme, appName: name },
    ...(path !== undefined && { path }),
    ...(logo !== undefined && { logo }),
    ...(accent !== undefined && { accent }),
  });
  print(page.trimEnd());
  return 0;
}

/** Given once: for light and dark pages; given twice: for each. @throws UsageError */
function parseThemed(flag: string, values: readonly string[]): Themed | undefined {
  const [light, dark = light, ...more] = values;
  if (more.length > 0) throw new UsageError(`--${flag}: expected one for light pages and one for dark ones.`);
  return light === undefined || dark === undefined ? undefined : { light, dark };
}
