import { invalid, type Vector } from './keys.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** Every other spelling of the same bytes, and everything else that a lenient decoder lets through. */
export function encodingVectors(token: string): Vector[] {
  const parts = token.split('.');
  const vectors: Vector[] = [];
  parts.forEach((part, at) => {
    const put = (name: string, other: string) => {
      if (other !== part)
        vectors.push(
          invalid(`segment ${at}: ${name}`, parts.map((one, i) => (i === at ? other : one)).join('.')),
        );
    };
    for (const last of ALPHABET) put(`last character ${last}`, part.slice(0, -1) + last);
    for (const [name, text] of Object.entries({
      '=': '=',
      '==': '==',
      tab: '\t',
      space: ' ',
      newline: '\n',
      crlf: '\r\n',
      nul: '\0',
      dash: '-',
      A: 'A',
      'non-ASCII': 'é',
      percent: '%41',
    })) {
      put(`${name} behind`, part + text);
      put(`${name} in front`, text + part);
      put(`${name} within`, part.slice(0, 8) + text + part.slice(8));
    }
    put('standard alphabet', part.replaceAll('-', '+').replaceAll('_', '/'));
    put('standard alphabet, forced', `${part.slice(0, 4)}+/${part.slice(6)}`);
    put('empty', '');
    put('one character', 'A');
    put('cut by one', part.slice(0, -1));
    put('cut in half', part.slice(0, part.length / 2));
    put('twice', part + part);
    put('hex', Buffer.from(part, 'base64url').toString('hex'));
  });
  const [header = '', payload = '', signature = ''] = parts;
  const shapes = [
    '',
    '.',
    '..',
    '...',
    header,
    `${header}.${payload}`,
    `${header}.${payload}.`,
    `.${payload}.${signature}`,
  ];
  shapes.push(
    `${token}.`,
    `.${token}`,
    `${token}.${signature}`,
    ` ${token}`,
    `${token} `,
    `${token}\n`,
    `${token},${token}`,
  );
  shapes.push(
    `${header}..${signature}`,
    `${header}.${payload}.${signature}.${payload}.${signature}`,
    token.toUpperCase(),
  );
  shapes.push(
    JSON.stringify({ payload, protected: header, signature }),
    'A'.repeat(100_000),
    `${header}.${'A'.repeat(9000)}.${signature}`,
  );
  return [...vectors, ...shapes.map((text, i) => invalid(`shape ${i}`, text))];
}
