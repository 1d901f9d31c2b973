/** One message between two parties, without its secrets. */
export interface Message {
  readonly number: number;
  readonly from: string;
  readonly to: string;
  /** `GET https://login.example.com/keys`, `200 OK`, or what happened in words. */
  readonly title: string;
  /** Headers, parameters, members: what matters of it. */
  readonly lines: readonly string[];
}

/** A message as text. */
export function toText({ number, from, to, title, lines }: Message): string {
  return [`[${number}] ${from} → ${to}: ${title}`, ...lines.map((line) => `      ${line}`)].join('\n');
}
