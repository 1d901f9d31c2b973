import type { OpenCommand } from './system-browser.ts';

/**
 * The browser that `$BROWSER` names, for programs of a terminal, where that is the custom: `firefox`, or a command with
 * `%s` for the address. It is cut at spaces and never given to a shell. A desktop app does not look at it.
 * @returns undefined when it names none
 */
export function browserOfVariable(env: NodeJS.ProcessEnv = process.env): OpenCommand | undefined {
  // Several are separated by colons; who has more than one wants the first.
  const [first = ''] = (env.BROWSER ?? '').split(':');
  const [program, ...args] = first.split(/\s+/).filter(Boolean);
  if (!program) return undefined;
  return (url) => {
    const filled = args.map((argument) => argument.replaceAll('%s', () => url));
    return [program, ...filled, ...(args.some((argument) => argument.includes('%s')) ? [] : [url])];
  };
}

/** WSL: the browser of Windows, by the program that Windows itself has for it. */
export const windowsBrowser: OpenCommand = (url) => ['rundll32.exe', 'url.dll,FileProtocolHandler', url];
