import { listAccounts } from '@deskauth/node';
import { APP_NAME } from '../app-name.ts';
import { print, say, withoutControls } from '../terminal.ts';

/** Says which accounts were named at a login and not logged out since, one a line. */
export async function accounts(): Promise<number> {
  const all = await listAccounts({ appName: APP_NAME });
  for (const { account, user, issuer } of all)
    print(withoutControls(`${account}\t${user.displayName}\t${issuer}`));
  if (all.length === 0) say('There are none. A login names one with --account.');
  return 0;
}
