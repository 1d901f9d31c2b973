import { writeFile } from 'node:fs/promises';
import { loopbackRedirects, machineFetch } from '@deskauth/node';
import { APP_NAME } from '../app-name.ts';
import { type Flags, UsageError } from '../command-line.ts';
import { buildProfile } from '../profile.ts';
import { print, say, withoutControls } from '../terminal.ts';
import { chooseBrowser } from '../terminal-browser.ts';
import { createTerminalSession } from '../terminal-session.ts';
import { toText } from '../trace/message.ts';
import { buildPicture } from '../trace/picture.ts';
import { createTrace, type Trace } from '../trace/trace.ts';
import { buildOptions } from './login.ts';

/** Signs in once, shows every message of it without its secrets, and gives the tokens back. */
export async function trace(flags: Flags): Promise<number> {
  const { out = [] } = flags;
  const strange = out.find((file) => !/\.(txt|svg)$/.test(file));
  if (strange !== undefined) throw new UsageError(`--out: expected a file .txt or .svg, found "${strange}".`);
  const profile = buildProfile({ ...flags, store: 'memory' });
  const recorded = createTrace(profile.issuer);
  const { session } = createTerminalSession(profile, {
    // What is on stdout may be given to somebody else, the address may not: state, nonce and challenge are in it.
    browser: recorded.browser(chooseBrowser(flags, out.length === 0 ? say : print)),
    redirect: recorded.redirect(loopbackRedirects({ appName: APP_NAME, ...profile }).redirect),
    fetch: recorded.fetch(machineFetch(profile)),
  });
  const attempt = session.signIn(buildOptions(flags));
  const cancel = () => attempt.cancel();
  process.once('SIGINT', cancel).once('SIGTERM', cancel);
  try {
    const user = await attempt.finished;
    say(`Signed in as ${user.displayName}; this was only for the trace.`);
    await session.signOut();
    return 0;
  } finally {
    process.off('SIGINT', cancel).off('SIGTERM', cancel);
    // A sign-in that failed is the one that somebody wants to see.
    await save(recorded, out);
  }
}

async function save({ messages }: Trace, files: readonly string[]): Promise<void> {
  const timeline = withoutControls(messages.map(toText).join('\n'));
  if (files.length === 0) print(timeline);
  for (const file of files) {
    await writeFile(file, file.endsWith('.svg') ? buildPicture(messages) : `${timeline}\n`);
    say(`${messages.length} messages in ${file}`);
  }
}
