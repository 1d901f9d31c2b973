import { createHash } from 'node:crypto';

/** What a page says. All of it is text, none of it HTML. */
export interface Page {
  readonly mood: keyof typeof ICONS;
  /** What the person knows the app by. */
  readonly appName: string;
  readonly title: string;
  /** A name that ends the title; kept apart because it may be written from right to left. */
  readonly name?: string;
  readonly paragraphs: readonly string[];
  /** For support: label and value. */
  readonly details?: Readonly<Record<string, string>>;
}

const ICONS = { good: 'm7.5 12.5 3 3 6-6.5', bad: 'M12 7.5v5.5m0 3.4v.1', plain: 'M12 11v5.5m0-8.9v-.1' };

/** Takes code and state out of the address bar and the history (RFC 9700 §4.2). */
const SCRIPT = `history.replaceState(null, '', location.pathname)`;

const STYLE = `
:root { color-scheme: light dark; --page: #f3f4f6; --card: #fff; --text: #15181c; --soft: #565f6b; --line: #e2e5ea;
  --good: #0f7a4a; --bad: #b3261e; --plain: #565f6b; --shadow: 0 1px 2px #1118270d, 0 12px 32px -12px #1118271f; }
@media (prefers-color-scheme: dark) { :root { --page: #0f1216; --card: #191d23; --text: #eef1f4; --soft: #a4aeba;
  --line: #2a3038; --good: #4fcb90; --bad: #ff8f86; --plain: #a4aeba; --shadow: none; } }
* { box-sizing: border-box; margin: 0; }
body { min-height: 100vh; display: grid; place-content: center; justify-items: center; gap: 20px; padding: 32px 20px;
  grid-template-columns: minmax(0, 440px); background: var(--page); color: var(--text); overflow-wrap: anywhere;
  font: 16px/1.55 system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif; }
header { font-size: 14px; font-weight: 600; color: var(--soft); text-align: center; }
main { width: 100%; padding: 40px; background: var(--card); border: 1px solid var(--line); border-radius: 16px;
  box-shadow: var(--shadow); text-align: center; }
svg { display: block; width: 64px; height: 64px; margin: 0 auto 24px; padding: 14px; border-radius: 50%; fill: none;
  stroke: var(--mood); stroke-width: 2.2; stroke-linecap: round; stroke-linejoin: round;
  background: color-mix(in srgb, var(--mood) 13%, transparent); }
.good { --mood: var(--good); } .bad { --mood: var(--bad); } .plain { --mood: var(--plain); }
h1 { font-size: 23px; line-height: 1.3; font-weight: 650; letter-spacing: -0.012em; text-wrap: balance; }
p { margin-top: 10px; color: var(--soft); text-wrap: balance; }
dl { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 8px 18px; margin-top: 28px; padding-top: 24px;
  border-top: 1px solid var(--line); text-align: left; font-size: 13.5px; }
dt { color: var(--soft); }
@media (max-width: 420px) { main { padding: 32px 24px; } dl { grid-template-columns: minmax(0, 1fr); gap: 0; }
  dd + dt { margin-top: 10px; } }
`;

const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** Nothing is loaded, framed, cached or sent on, and only the two texts above are run. */
export const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': [
    `default-src 'none'; style-src ${hashOf(STYLE)}; script-src ${hashOf(SCRIPT)}`,
    `base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  ].join('; '),
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cross-origin-opener-policy': 'same-origin',
  connection: 'close',
};

/** The page as HTML; to be sent with {@link PAGE_HEADERS}. */
export function renderPage(page: Page): string {
  const appName = escapeHtml(page.appName);
  const title = escapeHtml(page.title);
  const name = escapeHtml(page.name ?? '');
  const paragraphs = page.paragraphs.map((text) => `<p>${escapeHtml(text)}</p>`);
  const details = Object.entries(page.details ?? {}).map(
    ([term, value]) => `<dt>${escapeHtml(term)}</dt><dd>${escapeHtml(value)}</dd>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${[title, name].filter(Boolean).join(' ')} – ${appName}</title>
<style>${STYLE}</style>
<script>${SCRIPT}</script>
</head>
<body>
<header>${appName}</header>
<main class="${page.mood}">
<svg viewBox="2 2 20 20" aria-hidden="true"><path d="${ICONS[page.mood]}"/></svg>
<h1>${title}${name && ` <bdi>${name}</bdi>`}</h1>
${paragraphs.join('\n')}
${details.length > 0 ? `<dl>${details.join('')}</dl>` : ''}
</main>
</body>
</html>
`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
