/** A form of an HTML page, as far as a program needs it to send it. */
export interface Form {
  /** Where it is sent, as written; empty means the page itself. */
  action: string;
  method: string;
  /** Fields with their values as the page has them. */
  fields: { name: string; value: string }[];
  /** The submit buttons; at most one of them is sent along. */
  buttons: { name: string; value: string }[];
}

/**
 * Finds the forms of an HTML page. It reads markup as our pages and oidc-provider's write it: quoted or bare
 * attributes, character references, `form` attributes on buttons outside of the form. It is no general HTML parser.
 */
export function parseForms(page: string): Form[] {
  const forms: (Form & { id: string })[] = [];
  let open: Form | undefined;
  for (const { tag, attributes } of parseTags(page)) {
    if (tag === '/form') open = undefined;
    if (tag === 'form') {
      open = {
        action: attributes.action ?? '',
        method: attributes.method?.toLowerCase() ?? 'get',
        fields: [],
        buttons: [],
      };
      forms.push(Object.assign(open, { id: attributes.id ?? '' }));
    }
    const owner = attributes.form === undefined ? open : forms.find(({ id }) => id === attributes.form);
    const entry = { name: attributes.name ?? '', value: attributes.value ?? '' };
    if (tag === 'input') owner?.fields.push(entry);
    if (tag === 'button') owner?.buttons.push(entry);
  }
  return forms;
}

interface Tag {
  /** Lower case, with a slash in front for an end tag. */
  tag: string;
  attributes: Record<string, string | undefined>;
}

function parseTags(page: string): Tag[] {
  const markup = page.replace(/<!--.*?-->|<(script|style)\b.*?<\/\1\s*>/gis, '');
  return [...markup.matchAll(/<(\/?[a-z][\w-]*)((?:"[^"]*"|'[^']*'|[^"'>])*)>/gi)].map(
    ([, tag = '', text = '']) => ({
      tag: tag.toLowerCase(),
      attributes: parseAttributes(text),
    }),
  );
}

function parseAttributes(text: string): Tag['attributes'] {
  const matches = text.matchAll(/([^\s"'=/>]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/g);
  return Object.fromEntries(
    [...matches].map(([, name = '', double, single, bare]) => [
      name.toLowerCase(),
      decodeReferences(double ?? single ?? bare ?? ''),
    ]),
  );
}

const references = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);

function decodeReferences(text: string): string {
  return text.replace(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, (whole, decimal, hex, name) => {
    if (decimal) return String.fromCodePoint(Number(decimal));
    if (hex) return String.fromCodePoint(Number.parseInt(hex, 16));
    return references.get(name) ?? whole;
  });
}
