import type { Message } from './message.ts';

const COLUMN_WIDTH = 460;
const MARGIN = 150;
const TOP = 60;
const LINE_HEIGHT = 15;
/** What fits between two columns. */
const LONGEST_TITLE = 62;
const MOST_LINES = 10;

const STYLE = `text { font: 12px ui-monospace, Menlo, Consolas, monospace; fill: #222 }
.party { font-weight: bold; font-size: 14px; text-anchor: middle }
.detail { font-size: 11px; fill: #666 }
line { stroke: #999 } .arrow { stroke: #1d4ed8; stroke-width: 1.5; marker-end: url(#head) }
@media (prefers-color-scheme: dark) { svg { background: #111 } text { fill: #eee } .detail { fill: #aaa } .arrow { stroke: #7aa2ff } }`;

/** The messages as a sequence diagram in SVG: one column for each party, time from top to bottom. */
export function buildPicture(messages: readonly Message[]): string {
  const parties = [...new Set(['browser', 'app', ...messages.flatMap(({ from, to }) => [from, to])])];
  const columnOf = (party: string) => MARGIN + parties.indexOf(party) * COLUMN_WIDTH;
  let y = TOP + 30;
  const rows = messages.map((message) => {
    const row = drawMessage(message, y, columnOf);
    y += row.height;
    return row.svg;
  });
  const width = MARGIN * 2 + (parties.length - 1) * COLUMN_WIDTH;
  const columns = parties.map((party) => drawParty(party, columnOf(party), y));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${y + 20}" width="${width}" height="${y + 20}" role="img" aria-label="Messages of one sign-in">
<style>${STYLE}</style>
<defs><marker id="head" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0 8 4 0 8z" fill="#1d4ed8"/></marker></defs>
${[...columns, ...rows].join('\n')}
</svg>
`;
}

function drawParty(party: string, x: number, bottom: number): string {
  return `<text class="party" x="${x}" y="${TOP - 20}">${toXml(party)}</text><line x1="${x}" y1="${TOP - 10}" x2="${x}" y2="${bottom}"/>`;
}

function drawMessage(
  { number, from, to, title, lines }: Message,
  y: number,
  columnOf: (party: string) => number,
): { readonly svg: string; readonly height: number } {
  const [start, end] = [columnOf(from), columnOf(to)];
  const left = Math.min(start, end) + 16;
  const shown = lines.length > MOST_LINES ? [...lines.slice(0, MOST_LINES), '…'] : lines;
  const details = shown.map((line, index) => {
    const top = y + LINE_HEIGHT * (index + 1);
    return `<text class="detail" xml:space="preserve" x="${left}" y="${top}">${toXml(cut(line))}</text>`;
  });
  const caption = `<text x="${left}" y="${y - 6}">${toXml(cut(`${number} ${title}`))}</text>`;
  const arrow = `<line class="arrow" x1="${start}" y1="${y}" x2="${end}" y2="${y}"/>`;
  return { svg: [caption, arrow, ...details].join('\n'), height: 36 + LINE_HEIGHT * shown.length };
}

function cut(text: string): string {
  return text.length > LONGEST_TITLE ? `${text.slice(0, LONGEST_TITLE - 1)}…` : text;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** A server's text is text here too, whatever is in it. */
function toXml(text: string): string {
  return text.replace(/\p{Cc}/gu, ' ').replace(/[&<>"]/g, (mark) => ENTITIES[mark] ?? mark);
}
