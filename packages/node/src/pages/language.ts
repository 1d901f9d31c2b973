import { de } from './texts/de.ts';
import { en } from './texts/en.ts';
import { es } from './texts/es.ts';
import { fr } from './texts/fr.ts';
import { ja } from './texts/ja.ts';

/** The languages of the pages; the first is for everybody else. */
export const TEXTS = { en, de, fr, es, ja };

/** A language as in HTML's `lang`. */
export type Language = keyof typeof TEXTS;

/** More is no person's list of languages. */
const LONGEST_HEADER = 1000;

/**
 * The language that the browser's owner likes best of those that there are (RFC 9110 §12.5.4, RFC 4647 §3.4).
 * @param header `Accept-Language` as received
 */
export function chooseLanguage(header = ''): Language {
  const wishes = header
    .slice(0, LONGEST_HEADER)
    .split(',')
    .map(parseWish)
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight);
  for (const { language } of wishes) if (language !== undefined) return language;
  return 'en';
}

const RANGE = /^\s*([a-z]{1,8})(?:-[a-z\d-]*)?\s*(?:;\s*q=([\d.]{1,5})\s*)?$/i;

/** One range and its weight: `de-CH;q=0.8`. What cannot be read weighs nothing. */
function parseWish(text: string): { readonly language: Language | undefined; readonly weight: number } {
  const [range, name = '', weight = '1'] = RANGE.exec(text) ?? [];
  const language = name.toLowerCase();
  return {
    language: Object.hasOwn(TEXTS, language) ? (language as Language) : undefined,
    weight: range === undefined ? 0 : Number(weight),
  };
}
