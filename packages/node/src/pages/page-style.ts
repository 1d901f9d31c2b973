import { CARDS, inkOn } from './accent.ts';
import type { CheckedBrand } from './page-settings.ts';

/** Without a brand the button of the interstitial page has this colour. */
const OWN_ACCENT = { light: '#3346c4', dark: '#8c9bff' };

/** One style sheet for all pages: light and dark, narrow and wide. */
export function buildStyle({ accent = OWN_ACCENT }: CheckedBrand): string {
  return `
:root { color-scheme: light dark; --page: #f3f4f6; --card: ${CARDS.light}; --text: #15181c; --soft: #565f6b; --line: #e2e5ea;
  --good: #0f7a4a; --bad: #b3261e; --plain: #565f6b; --accent: ${accent.light}; --on-accent: ${inkOn(accent.light)};
  --shadow: 0 1px 2px #1118270d, 0 12px 32px -12px #1118271f; }
@media (prefers-color-scheme: dark) { :root { --page: #0f1216; --card: ${CARDS.dark}; --text: #eef1f4; --soft: #a4aeba;
  --line: #2a3038; --good: #4fcb90; --bad: #ff8f86; --plain: #a4aeba; --accent: ${accent.dark};
  --on-accent: ${inkOn(accent.dark)}; --shadow: none; } }
* { box-sizing: border-box; margin: 0; }
body { min-height: 100vh; display: grid; place-content: center; justify-items: center; gap: 20px; padding: 32px 20px;
  grid-template-columns: minmax(0, 460px); background: var(--page); color: var(--text); overflow-wrap: anywhere;
  font: 16px/1.55 system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif; }
:lang(ja) { font-family: system-ui, -apple-system, 'Hiragino Sans', 'Yu Gothic UI', 'Noto Sans CJK JP', 'Noto Sans JP', sans-serif;
  line-height: 1.7; letter-spacing: 0; word-break: auto-phrase; }
.branded { border-top: 4px solid var(--accent); }
header { display: flex; align-items: center; gap: 12px; font-size: 15px; font-weight: 600; color: var(--soft); }
header img { display: block; height: 40px; max-width: 160px; object-fit: contain; }
main { width: 100%; padding: 40px; background: var(--card); border: 1px solid var(--line); border-radius: 16px;
  box-shadow: var(--shadow); text-align: center; }
main svg { display: block; width: 64px; height: 64px; margin: 0 auto 24px; padding: 14px; border-radius: 50%; fill: none;
  stroke: var(--mood); stroke-width: 2.2; stroke-linecap: round; stroke-linejoin: round;
  background: color-mix(in srgb, var(--mood) 13%, transparent); }
.good { --mood: var(--good); } .bad { --mood: var(--bad); } .plain { --mood: var(--plain); } .onward { --mood: var(--accent); }
bdi { display: inline-block; max-width: 100%; }
h1 { font-size: 23px; line-height: 1.3; font-weight: 650; letter-spacing: -0.012em; text-wrap: balance; }
p { margin-top: 10px; color: var(--soft); text-wrap: balance; }
dl { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 8px 18px; margin-top: 28px; padding-top: 24px;
  border-top: 1px solid var(--line); text-align: start; font-size: 13.5px; line-height: 1.5; }
dt { color: var(--soft); }
a { display: block; margin-top: 26px; padding: 12px 18px; border-radius: 10px; background: var(--accent);
  color: var(--on-accent); font-weight: 600; text-decoration: none; }
a:hover { filter: brightness(0.92); }
a:focus-visible { outline: 3px solid var(--accent); outline-offset: 3px; }
.help { margin-top: 24px; padding-top: 22px; border-top: 1px solid var(--line); font-size: 14px; text-align: start; text-wrap: pretty; }
[hidden] { display: none; }
@media (max-width: 440px) { main { padding: 32px 24px; } dl { grid-template-columns: minmax(0, 1fr); gap: 0; }
  dd + dt { margin-top: 10px; } }
`;
}
