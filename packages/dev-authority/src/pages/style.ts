import { createHash } from 'node:crypto';

/** The style sheet of all pages. It is in the page itself: a sign-in page must not depend on another file. */
export const style = `
:root {
  color-scheme: light dark;
  --ground: #f3f5f9; --card: #ffffff; --text: #182034; --soft: #56607a; --line: #d8dde8; --edge: #868fa6; --field: #ffffff;
  --accent: #3346c4; --accent-strong: #2635a0; --on-accent: #ffffff; --ring: #7485f2;
  --note: #eef1fd; --note-line: #cfd6f7; --bad: #a8182f; --bad-ground: #fdeef0; --bad-line: #f3c6cd;
  --warn: #6b4a00; --warn-ground: #fff4d6; --warn-line: #efd894;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #10131c; --card: #1a1f2c; --text: #e9ecf5; --soft: #a3adc4; --line: #343c50; --edge: #707b96; --field: #131722;
    --accent: #8c9bff; --accent-strong: #a9b4ff; --on-accent: #10131c; --ring: #8c9bff;
    --note: #20273b; --note-line: #36405f; --bad: #ff9aa8; --bad-ground: #34191f; --bad-line: #6b2d38;
    --warn: #f2d489; --warn-ground: #2c2413; --warn-line: #54451f;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; min-height: 100vh; min-height: 100dvh; display: flex; flex-direction: column;
  background: var(--ground); color: var(--text);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", sans-serif;
}
.warning {
  padding: .5rem 1rem; text-align: center; text-wrap: balance; font-size: .8125rem; color: var(--warn);
  background: var(--warn-ground); border-bottom: 1px solid var(--warn-line);
}
main { flex: 1; width: 100%; max-width: 27rem; margin: 0 auto; padding: 3rem 1rem 2rem; }
main.wide { max-width: 46rem; }
.brand { display: flex; align-items: center; gap: .625rem; margin: 0 0 1.25rem; font-weight: 600; }
.brand svg { width: 1.75rem; height: 1.75rem; flex: none; }
.card {
  background: var(--card); border: 1px solid var(--line); border-radius: .875rem; padding: 1.75rem;
  box-shadow: 0 1px 2px rgb(16 24 40 / 6%), 0 8px 24px rgb(16 24 40 / 6%);
}
h1 { margin: 0 0 .5rem; font-size: 1.5rem; line-height: 1.25; letter-spacing: -.01em; text-wrap: balance; }
h2 { margin: 1.75rem 0 -.5rem; font-size: 1rem; }
p { margin: 0 0 1rem; }
.lead { color: var(--soft); }
.lead strong { color: var(--text); }
a { color: var(--accent); text-underline-offset: .15em; }
label { display: block; margin: 0 0 .375rem; font-size: .875rem; font-weight: 600; }
input {
  width: 100%; margin: 0 0 1rem; padding: .625rem .75rem; font: inherit; color: inherit;
  background: var(--field); border: 1px solid var(--edge); border-radius: .5rem;
}
input[aria-invalid=true] { border-color: var(--bad); }
button {
  width: 100%; min-height: 2.75rem; padding: .5rem 1rem; font: inherit; font-weight: 600; cursor: pointer;
  color: var(--text); background: transparent; border: 1px solid var(--edge); border-radius: .5rem;
}
button:hover { border-color: var(--text); }
button.primary { color: var(--on-accent); background: var(--accent); border-color: var(--accent); }
button.primary:hover { background: var(--accent-strong); border-color: var(--accent-strong); }
button.link {
  display: inline; width: auto; min-height: 0; padding: .25rem 0; border: 0; color: var(--accent);
  text-decoration: underline; text-underline-offset: .15em; font-weight: 400;
}
:focus-visible { outline: 3px solid var(--ring); outline-offset: 2px; }
.buttons { display: grid; gap: .625rem; margin-top: 1.25rem; }
@media (min-width: 26rem) { .buttons.pair { grid-template-columns: 1fr 1fr; } }
.alert, .note { margin: 0 0 1.25rem; padding: .75rem .875rem; border-radius: .5rem; font-size: .9375rem; }
.alert { color: var(--bad); background: var(--bad-ground); border: 1px solid var(--bad-line); }
.note { background: var(--note); border: 1px solid var(--note-line); }
.note p, .alert p { margin: 0; }
.hint { margin: 1.25rem 0 0; font-size: .875rem; }
code { font: .9em ui-monospace, "SF Mono", "Cascadia Mono", "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
.account { display: flex; align-items: center; gap: .75rem; margin: 1rem 0 1.25rem; }
.account > div { min-width: 0; overflow-wrap: anywhere; }
.account div span { display: block; font-size: .875rem; color: var(--soft); }
.initials {
  flex: none; display: grid; place-items: center; width: 2.5rem; height: 2.5rem; border-radius: 50%;
  font-size: .875rem; font-weight: 600; color: var(--accent); background: var(--note); border: 1px solid var(--note-line);
}
.user-code { margin: 1.25rem 0; text-align: center; font-size: 1.75rem; letter-spacing: .12em; }
ul { list-style: none; margin: 0; padding: 0; }
ul.scopes { border-top: 1px solid var(--line); }
ul.scopes li { padding: .625rem 0; border-bottom: 1px solid var(--line); }
ul.scopes code { display: block; font-size: .8125rem; color: var(--soft); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .375rem 1rem; margin: 1.25rem 0 0; font-size: .875rem; }
dt { color: var(--soft); }
dd { margin: 0; min-width: 0; overflow-wrap: anywhere; }
@media (max-width: 26rem) {
  main { padding-top: 1.5rem; }
  .card { padding: 1.25rem; }
  dl { grid-template-columns: 1fr; gap: 0; }
  dd { margin-bottom: .5rem; }
}
`;

/** The style sheet's hash as a source of a content security policy. @see CSP Level 3 §2.3.1 */
export const styleHash = `'sha256-${createHash('sha256').update(style).digest('base64')}'`;
