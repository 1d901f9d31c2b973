import { html } from './html.ts';
import { renderPage } from './layout.ts';

/** What an error page shows. */
export interface ErrorView {
  title: string;
  /** What went wrong, with what. */
  problem: string;
  /** What to do next. */
  advice: string;
  /** Also in the log, beside the details that are not for the page. */
  errorId: string;
  /** Names and values: the error's own fields and the parameters that matter. */
  facts: readonly (readonly [name: string, value: string | undefined])[];
}

/** The page for everything that cannot go on. */
export function renderErrorPage(view: ErrorView): string {
  const facts = view.facts.filter(([, value]) => value !== undefined && value !== '');
  return renderPage(
    view.title,
    html`<h1>${view.title}</h1>
<p>${view.problem}</p>
<p class="lead">${view.advice}</p>
<dl>
${facts.map(([name, value]) => html`<dt>${name}</dt><dd><code>${value}</code></dd>`)}
<dt>Error id</dt><dd><code>${view.errorId}</code></dd>
</dl>`,
  );
}
