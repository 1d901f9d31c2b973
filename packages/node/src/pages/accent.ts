import { AuthError } from '@deskauth/session';
import { bothOf, type Theme, type Themed } from './themed.ts';

/** What the accent is seen on: the cards and backgrounds of the pages. */
export const CARDS: Readonly<Record<Theme, string>> = { light: '#ffffff', dark: '#191d23' };

/** Graphics and controls need this contrast to be seen (WCAG 2.2, 1.4.11). */
const LEAST_CONTRAST = 3;

/**
 * The accent colour for a light and for a dark page, checked.
 * @throws AuthError `AUTH_SETTINGS_INVALID` for what is no `#rrggbb`, or would hardly be seen; names one that is
 */
export function requireAccent(accent: Themed): Readonly<Record<Theme, string>> {
  const colours = bothOf(accent);
  for (const theme of ['light', 'dark'] as const) {
    const colour = colours[theme];
    if (typeof colour !== 'string' || !/^#[\da-f]{6}$/i.test(colour))
      throw refused(`expected a colour such as "#3346c4", found ${JSON.stringify(colour)}`);
    const contrast = contrastOf(colour, CARDS[theme]);
    if (contrast >= LEAST_CONTRAST) continue;
    throw refused(
      `${colour} is hardly seen on a ${theme} page: its contrast is ${contrast.toFixed(1)}, and ${LEAST_CONTRAST} is needed. ` +
        `Give two colours, { "light": …, "dark": … }; for ${theme}, ${clearerThan(colour, theme)} would do`,
    );
  }
  return colours;
}

/** Black or white, whichever is read better on this colour: one of them always has a contrast above 4.5. */
export function inkOn(colour: string): string {
  return contrastOf(colour, '#ffffff') >= contrastOf(colour, '#000000') ? '#ffffff' : '#000000';
}

/** The contrast of two colours, from 1 to 21 (WCAG 2.2, "contrast ratio"). */
export function contrastOf(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminanceOf(one), luminanceOf(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

/** The nearest colour towards white, or black, that is seen well enough. */
function clearerThan(colour: string, theme: Theme): string {
  const target = theme === 'dark' ? 255 : 0;
  for (let share = 0.05; share < 1; share += 0.05) {
    const mixed = channelsOf(colour).map((channel) => Math.round(channel + (target - channel) * share));
    const candidate = `#${mixed.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
    if (contrastOf(candidate, CARDS[theme]) >= LEAST_CONTRAST) return candidate;
  }
  return theme === 'dark' ? '#ffffff' : '#000000';
}

/** WCAG 2.2, "relative luminance". */
function luminanceOf(colour: string): number {
  const [red = 0, green = 0, blue = 0] = channelsOf(colour)
    .map((channel) => channel / 255)
    .map((share) => (share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function channelsOf(colour: string): number[] {
  return [1, 3, 5].map((start) => Number.parseInt(colour.slice(start, start + 2), 16));
}

function refused(why: string): AuthError {
  return new AuthError('AUTH_SETTINGS_INVALID', `Setting "pages.accent": ${why}.`);
}
