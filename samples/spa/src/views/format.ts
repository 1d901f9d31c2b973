/** Numbers and dates as the person's system writes them. */

export function formatMoney(amount: number, currency: string): string {
  return new Intl.NumberFormat(undefined, { style: 'currency', currency, maximumFractionDigits: 0 }).format(
    amount,
  );
}

export function formatShare(part: number, whole: number): string {
  return new Intl.NumberFormat(undefined, { style: 'percent' }).format(whole > 0 ? part / whole : 0);
}

/** @param date a calendar day, `2026-07-03`, the same in every time zone */
export function formatDay(date: string): string {
  return new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeZone: 'UTC' }).format(new Date(date));
}

/** `1 investor`, `3 investors`. */
export function formatCount(count: number, one: string, many: string): string {
  return `${new Intl.NumberFormat().format(count)} ${count === 1 ? one : many}`;
}

/** One or two letters that stand for a name. */
export function initialsOf(name: string): string {
  const words = name.split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  const ends = words.length > 1 ? [words[0], words.at(-1)] : words;
  return ends.map((word) => [...(word ?? '')][0]?.toUpperCase()).join('');
}
