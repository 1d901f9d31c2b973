import { createLinkInbox, type LinkInbox, type LinkRules } from '@deskauth/node';
import { app } from 'electron';
import { linkOfArguments } from './link-arguments.ts';

/** Links that macOS has delivered before anybody knew which of them are ours. */
const MOST_CAUGHT = 64;

/** Links to the app, caught from its first moment on. */
export interface AppLinks {
  /**
   * Makes this the one instance of the app that links reach, and hands on what came so far.
   * @param onArrival called when the person comes from outside, by a link or by starting the app again
   * @returns undefined when another instance runs: it has been told, and this one should quit
   * @throws AuthError `AUTH_SETTINGS_INVALID`
   */
  open(rules: LinkRules, onArrival: () => void): LinkInbox | undefined;
}

/**
 * Catches links to the app, however the operating system delivers them: as an argument of the first start (Windows,
 * Linux), as one of a second start, or as an event (macOS), which may come before the app is ready. Call it in the main
 * file's first lines.
 */
export function catchLinks(): AppLinks {
  let caught: string[] = [];
  let take = (url: string) => {
    caught = [...caught, url].slice(0, MOST_CAUGHT);
  };
  app.on('open-url', (event, url) => {
    event.preventDefault();
    take(url);
  });

  return {
    open(rules, onArrival) {
      const inbox = createLinkInbox(rules);
      if (!app.requestSingleInstanceLock()) return undefined;
      take = (url) => {
        inbox.push(url);
        onArrival();
      };
      // What else a second instance may say (`additionalData`, its folder) comes from any program of this machine.
      app.on('second-instance', (_event, argv) => {
        const link = linkOfArguments(argv, rules.scheme);
        if (link !== undefined) inbox.push(link);
        onArrival();
      });
      const first = linkOfArguments(process.argv, rules.scheme);
      for (const url of first === undefined ? caught : [...caught, first]) inbox.push(url);
      caught = [];
      return inbox;
    },
  };
}
