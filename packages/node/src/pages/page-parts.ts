import { createHash } from 'node:crypto';
import type { CheckedBrand } from './page-settings.ts';

/** Pictures of 24 units, drawn with a line. */
const ICONS = {
  good: 'm7.5 12.5 3 3 6-6.5',
  bad: 'M12 7.5v5.5m0 3.4v.1',
  plain: 'M12 11v5.5m0-8.9v-.1',
  late: 'M12 5.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13M12 9v3l2 1.2',
  onward: 'M9 6H6v12h12v-3M13 6h5v5M18 6l-7 7',
};

/** A picture for what a page says. */
export type Icon = keyof typeof ICONS;

export function renderIcon(icon: Icon): string {
  return `<svg viewBox="2 2 20 20" aria-hidden="true"><path d="${ICONS[icon]}"/></svg>`;
}

/** What stands above every page: who it is from. */
export function renderHeader({ logo }: CheckedBrand, appName: string | undefined): string {
  if (!logo && appName === undefined) return '';
  const dark = logo && `<source media="(prefers-color-scheme: dark)" srcset="${logo.dark}">`;
  const picture = logo ? `<picture>${dark}<img src="${logo.light}" alt=""></picture>` : '';
  return `<header>${picture}${appName === undefined ? '' : `<bdi>${escapeHtml(appName)}</bdi>`}</header>`;
}

/** What every page has in its head. A browser that finds no icon there asks the listener for one. */
export function renderHead({ logo }: CheckedBrand, title: string): string {
  return `<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<link rel="icon" href="${logo?.light ?? 'data:,'}">
<title>${title}</title>`;
}

/** What may be in a page: these two texts and pictures that it holds itself; nothing is loaded, sent or framed. */
export function buildPolicy(style: string, script: string): string {
  return [
    `default-src 'none'; style-src ${hashOf(style)}; script-src ${hashOf(script)}; img-src data:`,
    `base-uri 'none'; form-action 'none'`,
  ].join('; ');
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Fills `{app}` and `{name}` in; each stands apart, because it may be written from right to left. All becomes HTML. */
export function fillIn(text: string, values: Readonly<Record<string, string>>): string {
  return escapeHtml(text).replace(
    /\{(\w+)\}/g,
    (_all, key: string) => `<bdi>${escapeHtml(values[key] ?? '')}</bdi>`,
  );
}
