import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { SignInOutcome } from '@deskauth/session';
import type { Refusal } from './loopback-request.ts';

/** Takes code and state out of the address bar and the history (RFC 9700 §4.2). */
const SCRIPT = `history.replaceState(null, '', location.pathname)`;

const STYLE = `
:root { color-scheme: light dark; --page: #f4f5f7; --card: #fff; --text: #16191d; --soft: #5b6470; --line: #e3e6ea;
  --good: #117a4b; --bad: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --page: #111418; --card: #1b1f25; --text: #eef1f4; --soft: #a3adb9;
  --line: #2b3139; --good: #4cc38a; --bad: #ff8a80; } }
* { box-sizing: border-box; margin: 0; }
body { min-height: 100vh; display: grid; place-items: center; padding: 24px; background: var(--page);
  color: var(--text); font: 16px/1.55 system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif; }
main { width: 100%; max-width: 440px; padding: 40px 36px; background: var(--card); border: 1px solid var(--line);
  border-radius: 16px; text-align: center; }
svg { width: 52px; height: 52px; margin-bottom: 20px; }
.good svg { color: var(--good); } .bad svg { color: var(--bad); } .plain svg { color: var(--soft); }
h1 { font-size: 22px; line-height: 1.3; font-weight: 650; letter-spacing: -0.01em; margin-bottom: 8px; text-wrap: balance; }
p { color: var(--soft); text-wrap: pretty; overflow-wrap: anywhere; } p + p { margin-top: 12px; }
dl { display: grid; grid-template-columns: auto 1fr; gap: 4px 14px; margin-top: 24px; padding-top: 20px;
  border-top: 1px solid var(--line); text-align: left; font-size: 13px; color: var(--soft); }
dd { margin: 0; color: var(--text); font-family: ui-monospace, 'Cascadia Mono', Menlo, monospace; overflow-wrap: anywhere; }
`;

const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** Nothing is loaded, framed, cached or sent on, and only the two texts above are run. */
const HEADERS = {
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

const ICONS = {
  good: 'M20 6 9 17l-5-5',
  bad: 'M12 8v5m0 3.5v.01',
  plain: 'M12 11v5.5m0-9v.01',
};

interface Page {
  readonly mood: keyof typeof ICONS;
  readonly title: string;
  readonly paragraphs: readonly string[];
  /** For support: label and value. */
  readonly details?: Readonly<Record<string, string>>;
}

/** Ends the browser's wait with a page that says what really happened. `appName` is what the person knows the app by. */
export function sendAnswerPage(response: ServerResponse, outcome: SignInOutcome, appName: string): void {
  response.writeHead(outcome.kind === 'signed-in' ? 200 : 400, HEADERS);
  response.end(renderPage(describeOutcome(outcome, appName)));
}

/** Answers what was no authorization response, in as few words as possible. */
export function sendRefusal(response: ServerResponse, refusal: Refusal): void {
  response.writeHead(refusal.status, {
    'content-type': 'text/plain; charset=utf-8',
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
    connection: 'close',
  });
  response.end(`${refusal.text}\n`);
}

function describeOutcome(outcome: SignInOutcome, appName: string): Page {
  if (outcome.kind === 'signed-in')
    return {
      mood: 'good',
      title: `You are signed in as ${outcome.user.displayName}`,
      paragraphs: [`You can close this tab and go back to ${appName}.`],
    };
  if (outcome.kind === 'unknown')
    return {
      mood: 'plain',
      title: 'This sign-in is no longer open',
      paragraphs: [
        `It was finished or cancelled before. Go back to ${appName} to see whether you are signed in.`,
      ],
    };
  const { next, message, code, errorId } = outcome.error;
  return {
    mood: 'bad',
    title: 'You are not signed in',
    paragraphs: [`${next} Go back to ${appName} to do so.`, message],
    details: { 'Error code': code, 'Error id': errorId },
  };
}

function renderPage({ mood, title, paragraphs, details = {} }: Page): string {
  const rows = Object.entries(details).map(
    ([term, value]) => `<dt>${escapeHtml(term)}</dt><dd>${escapeHtml(value)}</dd>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
<script>${SCRIPT}</script>
</head>
<body>
<main class="${mood}">
<svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><circle cx="12" cy="12" r="11" stroke-width="1.2"/><path d="${ICONS[mood]}" transform="translate(3 3) scale(.75)"/></svg>
<h1>${escapeHtml(title)}</h1>
${paragraphs.map((text) => `<p>${escapeHtml(text)}</p>`).join('\n')}
${rows.length > 0 ? `<dl>${rows.join('')}</dl>` : ''}
</main>
</body>
</html>
`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
