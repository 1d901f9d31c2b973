/** How the person likes their screen (`prefers-color-scheme`). */
export type Theme = 'light' | 'dark';

/** One value for light and dark pages, or one for each. */
export type Themed = string | Readonly<Record<Theme, string>>;

/** The value for each. */
export function bothOf(value: Themed): Readonly<Record<Theme, string>> {
  return typeof value === 'object' && value !== null ? value : { light: value, dark: value };
}
