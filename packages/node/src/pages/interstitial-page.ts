import { createHash } from 'node:crypto';
import { requireSchemeName, requireSchemePath } from '../scheme-name.ts';

/** What the page passes on, and to whom. */
export interface InterstitialPage {
  /** Private-use URI scheme of the app. */
  readonly scheme: string;
  /** Path of the link, after the scheme's colon. @default '/callback' */
  readonly path?: string;
  /** What the person knows the app by. */
  readonly appName: string;
}

const STYLE = `
:root { color-scheme: light dark; --page: #f3f4f6; --card: #fff; --text: #15181c; --soft: #565f6b; --line: #e2e5ea;
  --accent: #3346c4; --strong: #2635a0; --on-accent: #fff; --ring: #7485f2; --shadow: 0 1px 2px #1118270d, 0 12px 32px -12px #1118271f; }
@media (prefers-color-scheme: dark) { :root { --page: #0f1216; --card: #191d23; --text: #eef1f4; --soft: #a4aeba;
  --line: #2a3038; --accent: #8c9bff; --strong: #a9b4ff; --on-accent: #10131c; --ring: #8c9bff; --shadow: none; } }
* { box-sizing: border-box; margin: 0; }
body { min-height: 100vh; display: grid; place-content: center; justify-items: center; gap: 20px; padding: 32px 20px;
  grid-template-columns: minmax(0, 440px); background: var(--page); color: var(--text); overflow-wrap: anywhere;
  font: 16px/1.55 system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif; }
header { font-size: 14px; font-weight: 600; color: var(--soft); text-align: center; }
main { width: 100%; padding: 40px; background: var(--card); border: 1px solid var(--line); border-radius: 16px;
  box-shadow: var(--shadow); text-align: center; }
svg { display: block; width: 64px; height: 64px; margin: 0 auto 24px; padding: 16px; border-radius: 50%; fill: none;
  stroke: var(--accent); stroke-width: 2.2; stroke-linecap: round; stroke-linejoin: round;
  background: color-mix(in srgb, var(--accent) 13%, transparent); }
h1 { font-size: 23px; line-height: 1.3; font-weight: 650; letter-spacing: -0.012em; text-wrap: balance; }
p { margin-top: 10px; color: var(--soft); text-wrap: balance; }
a { display: block; margin-top: 26px; padding: 12px 18px; border-radius: 10px; background: var(--accent);
  color: var(--on-accent); font-weight: 600; text-decoration: none; }
a:hover { background: var(--strong); }
a:focus-visible { outline: 3px solid var(--ring); outline-offset: 3px; }
.help { margin-top: 24px; padding-top: 22px; border-top: 1px solid var(--line); font-size: 14px; text-align: left; text-wrap: pretty; }
[hidden] { display: none; }
@media (max-width: 420px) { main { padding: 32px 24px; } }
`;

/**
 * The query goes into one place only: the link of the button. An answer has a state and is of plain characters; what is
 * not like that is not passed on. The address bar is cleaned, so that no code is left in the history.
 */
const SCRIPT = `
const link = document.querySelector('a');
const query = location.search;
history.replaceState(null, '', location.pathname);
if (top === self && query.length <= 8000 && /^\\?[\\w.~!$&'()*+,;=:@\\/?%-]+$/.test(query) && /[?&]state=/.test(query)) {
  link.href = link.dataset.target + query;
  document.querySelector('#answer').hidden = false;
  link.focus();
  addEventListener('load', () => setTimeout(() => location.assign(link.href), 0));
} else {
  document.querySelector('#nothing').hidden = false;
}
`;

const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** Nothing is loaded, sent or framed; only the two texts above are run. */
const POLICY = [
  `default-src 'none'; style-src ${hashOf(STYLE)}; script-src ${hashOf(SCRIPT)}`,
  `base-uri 'none'; form-action 'none'`,
].join('; ');

/**
 * A page, in one static file, that passes an authorization response on to the app's private-use URI scheme: at once
 * where the browser allows that, and by a button where it wants a gesture. To be hosted anywhere, by https.
 * @throws AuthError `AUTH_SETTINGS_INVALID`
 */
export function buildInterstitialPage({ scheme, path = '/callback', appName }: InterstitialPage): string {
  const name = escapeHtml(appName);
  const target = `${requireSchemeName(scheme)}:${requireSchemePath(path)}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="content-security-policy" content="${POLICY}">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Back to ${name}</title>
<style>${STYLE}</style>
</head>
<body>
<header>${name}</header>
<main>
<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M9 5H5v14h14v-4M13 4h7v7M20 4l-9 9"/></svg>
<section id="answer" hidden>
<h1>One more step: go back to ${name}</h1>
<p>Your browser may ask whether it should open the app. Allow it.</p>
<a data-target="${target}">Open ${name}</a>
<p class="help">Nothing happens? Then the app is not installed on this computer, or it was closed. Start ${name} and
sign in there again. Nobody will ever ask you to copy the address of this page: do not send it to anyone.</p>
</section>
<section id="nothing" hidden>
<h1>There is nothing to do here</h1>
<p>This page is part of the sign-in of ${name}. Open the app and sign in there.</p>
</section>
<noscript><h1>This page needs JavaScript</h1>
<p>Switch it on for this page, then start ${name} and sign in there again.</p></noscript>
</main>
<script>${SCRIPT}</script>
</body>
</html>
`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
