import type { Language } from './language.ts';
import {
  buildPolicy,
  escapeHtml,
  fillIn,
  type Icon,
  renderHead,
  renderHeader,
  renderIcon,
} from './page-parts.ts';
import type { CheckedBrand } from './page-settings.ts';
import { buildStyle } from './page-style.ts';

/** What a page says. All of it is text, none of it HTML. */
export interface Page {
  readonly language: Language;
  readonly mood: 'good' | 'bad' | 'plain';
  readonly icon: Icon;
  /** May hold `{name}`; the paragraphs may hold `{app}`. */
  readonly title: string;
  readonly paragraphs: readonly string[];
  readonly values: Readonly<Record<string, string>>;
  /** For support. A value that is in another language than the page says in which. */
  readonly details?: readonly Detail[];
}

export interface Detail {
  readonly label: string;
  readonly value: string;
  readonly language?: Language;
}

/** Takes code and state out of the address bar and the history (RFC 9700 §4.2). */
const SCRIPT = `history.replaceState(null, '', location.pathname)`;

/** A page as it is sent. */
export interface RenderedPage {
  readonly headers: Readonly<Record<string, string>>;
  readonly html: string;
}

/** Creates what makes pages of this look. @param appName what the person knows the app by */
export function createPageTemplate(
  brand: CheckedBrand,
  appName: string | undefined,
): (page: Page) => RenderedPage {
  const style = buildStyle(brand);
  const header = renderHeader(brand, appName);
  const headers = {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': `${buildPolicy(style, SCRIPT)}; frame-ancestors 'none'`,
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'cross-origin-opener-policy': 'same-origin',
    connection: 'close',
  };
  const bodyClass = brand.accent ? ' class="branded"' : '';
  return (page) => ({
    headers: { ...headers, 'content-language': page.language },
    html: `<!doctype html>
<html lang="${page.language}">
<head>
${renderHead(brand, renderTitle(page, appName))}
<style>${style}</style>
<script>${SCRIPT}</script>
</head>
<body${bodyClass}>
${header}
<main class="${page.mood}">
${renderIcon(page.icon)}
<h1>${fillIn(page.title, page.values)}</h1>
${page.paragraphs.map((text) => `<p>${fillIn(text, page.values)}</p>`).join('\n')}
${renderDetails(page.details)}
</main>
</body>
</html>
`,
  });
}

/** A title holds no elements. */
function renderTitle({ title, values }: Page, appName: string | undefined): string {
  const text = title.replace(/\{(\w+)\}/g, (_all, key: string) => values[key] ?? '');
  return escapeHtml(appName === undefined ? text : `${text} – ${appName}`);
}

function renderDetails(details: readonly Detail[] = []): string {
  if (details.length === 0) return '';
  const rows = details.map(({ label, value, language }) => {
    const lang = language ? ` lang="${language}"` : '';
    return `<dt>${escapeHtml(label)}</dt><dd dir="auto"${lang}>${escapeHtml(value)}</dd>`;
  });
  return `<dl>${rows.join('')}</dl>`;
}
