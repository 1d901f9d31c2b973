import { requireSchemeName, requireSchemePath } from '../scheme-name.ts';
import { TEXTS } from './language.ts';
import { buildPolicy, escapeHtml, fillIn, renderHead, renderHeader, renderIcon } from './page-parts.ts';
import { type Brand, requireBrand } from './page-settings.ts';
import { buildStyle } from './page-style.ts';
import type { PageTexts } from './texts/page-texts.ts';

/** What the page passes on, to whom, and how it looks. */
export interface InterstitialPage extends Brand {
  /** Private-use URI scheme of the app. */
  readonly scheme: string;
  /** Path of the link, after the scheme's colon. @default '/callback' */
  readonly path?: string;
  /** What the person knows the app by. */
  readonly appName: string;
}

/**
 * The query goes into one place only: the link of the button. An answer has a state and is of plain characters; what is
 * not like that is not passed on. The address bar is cleaned, so that no code is left in the history.
 */
const SCRIPT = `
const query = location.search;
history.replaceState(null, '', location.pathname);
const mains = [...document.querySelectorAll('main')];
const wanted = navigator.languages.map((language) => language.split('-')[0].toLowerCase());
const main = wanted.map((language) => mains.find(({ lang }) => lang === language)).find(Boolean) ?? mains[0];
document.documentElement.lang = main.lang;
document.title = main.dataset.title;
main.hidden = false;
const link = main.querySelector('a');
if (top === self && query.length <= 8000 && /^\\?[\\w.~!$&'()*+,;=:@\\/?%-]+$/.test(query) && /[?&]state=/.test(query)) {
  link.href = link.dataset.target + query;
  main.querySelector('.answer').hidden = false;
  link.focus();
  addEventListener('load', () => setTimeout(() => location.assign(link.href), 0));
} else {
  main.querySelector('.nothing').hidden = false;
}
`;

/**
 * A page, in one static file, that passes an authorization response on to the app's private-use URI scheme: at once
 * where the browser allows that, and by a button where it wants a gesture. To be hosted anywhere, by https. It speaks
 * the browser's language.
 * @throws AuthError `AUTH_SETTINGS_INVALID`
 */
export function buildInterstitialPage(page: InterstitialPage): string {
  const { scheme, path = '/callback', appName } = page;
  const target = `${requireSchemeName(scheme)}:${requireSchemePath(path)}`;
  const brand = requireBrand(page);
  const style = buildStyle(brand);
  const languages = Object.entries(TEXTS).map(([language, texts]) =>
    renderLanguage(language, texts, { target, appName }),
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta http-equiv="content-security-policy" content="${buildPolicy(style, SCRIPT)}">
<meta name="referrer" content="no-referrer">
${renderHead(brand, escapeHtml(appName))}
<style>${style}</style>
</head>
<body${brand.accent ? ' class="branded"' : ''}>
${renderHeader(brand, appName)}
${languages.join('\n')}
<noscript><main><h1>This page needs JavaScript</h1>
<p>Switch it on for this page, then start ${escapeHtml(appName)} and sign in there again.</p></main></noscript>
<script>${SCRIPT}</script>
</body>
</html>
`;
}

function renderLanguage(
  language: string,
  { interstitial: texts }: PageTexts,
  { target, appName }: { readonly target: string; readonly appName: string },
): string {
  const fill = (text: string) => fillIn(text, { app: appName });
  const title = texts.title.replace('{app}', () => appName);
  return `<main class="onward" lang="${language}" data-title="${escapeHtml(title)}" hidden>
${renderIcon('onward')}
<section class="answer" hidden>
<h1>${fill(texts.title)}</h1>
<p>${fill(texts.text)}</p>
<a data-target="${target}">${fill(texts.button)}</a>
<p class="help">${fill(texts.help)}</p>
</section>
<section class="nothing" hidden>
<h1>${fill(texts.nothing.title)}</h1>
<p>${fill(texts.nothing.text)}</p>
</section>
</main>`;
}
