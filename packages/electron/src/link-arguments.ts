/** More arguments than this are no start by the operating system. */
const MOST_ARGUMENTS = 64;

/**
 * The one argument that begins with the scheme, wherever it stands: Chromium puts switches of its own around it. When
 * there are several, somebody has put one there, and none is taken. Every other argument is left alone.
 * @param argv untrusted
 */
export function linkOfArguments(argv: unknown, scheme: string): string | undefined {
  if (!Array.isArray(argv) || argv.length > MOST_ARGUMENTS) return undefined;
  const [link, ...more] = argv.filter(
    (argument: unknown): argument is string =>
      typeof argument === 'string' && argument.slice(0, scheme.length + 1).toLowerCase() === `${scheme}:`,
  );
  return more.length > 0 ? undefined : link;
}
