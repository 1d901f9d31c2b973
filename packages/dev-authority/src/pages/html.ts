/** A piece of HTML in which everything that came from outside is escaped already. */
export interface Html {
  readonly markup: string;
}

type HtmlValue = string | number | Html | readonly HtmlValue[] | false | undefined;

/** Builds HTML: values are escaped, nested {@link Html} is not, lists are joined, false and undefined are nothing. */
export function html(strings: TemplateStringsArray, ...values: HtmlValue[]): Html {
  const markup = strings.reduce((built, string, index) => built + toMarkup(values[index - 1]) + string);
  return { markup };
}

/** Takes markup as it is. Only for text of our own or of oidc-provider, never for anything that a caller sent. */
export function trustedHtml(markup: string): Html {
  return { markup };
}

function toMarkup(value: HtmlValue): string {
  if (value === undefined || value === false) return '';
  if (typeof value === 'string' || typeof value === 'number') return escapeText(String(value));
  return 'markup' in value ? value.markup : value.map(toMarkup).join('');
}

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? '');
}
