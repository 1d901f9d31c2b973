import {
  encode,
  invalid,
  type Parts,
  signBytes,
  signRaw,
  type Vector,
  type VectorKey,
  valid,
} from './keys.ts';

/** Texts that are no JSON object of the strict kind, well signed; and those that look odd and are right. */
export function jsonVectors(key: VectorKey, claims: Parts): Vector[] {
  const header = JSON.stringify({ alg: key.alg, kid: key.kid, typ: 'at+jwt' });
  const payload = JSON.stringify(claims);
  const inner = payload.slice(1, -1);
  const bad: Record<string, [string, string]> = {
    'payload: array': [header, `[${payload}]`],
    'payload: text': [header, JSON.stringify(payload)],
    'payload: null': [header, 'null'],
    'payload: number': [header, '1'],
    'payload: empty': [header, ' '],
    'payload: single quotes': [header, payload.replaceAll('"', "'")],
    'payload: trailing comma': [header, `{${inner},}`],
    'payload: comment': [header, `{${inner}/**/}`],
    'payload: two objects': [header, payload + payload],
    'payload: text behind': [header, `${payload}x`],
    'payload: byte order mark': [header, `\uFEFF${payload}`],
    'payload: name twice': [header, `{${inner},"sub":"admin"}`],
    'payload: name twice, escaped': [header, `{${inner},"s\\u0075b":"admin"}`],
    'payload: nested name twice': [header, `{${inner},"x":{"a":1,"a":2}}`],
    'payload: __proto__': [header, `{${inner},"__proto__":{"scope":"admin"}}`],
    'payload: constructor': [header, `{${inner},"constructor":1}`],
    'payload: deep': [header, `{${inner},"x":${'['.repeat(2000)}${']'.repeat(2000)}}`],
    'payload: NaN': [header, `{${inner},"x":NaN}`],
    'payload: infinite exp': [header, payload.replace(/"exp":\d+/, '"exp":1e999')],
    'header: array': [`[${header}]`, payload],
    'header: alg twice': [`{"alg":"none",${header.slice(1)}`, payload],
    'header: kid twice': [`${header.slice(0, -1)},"kid":"other"}`, payload],
    'header: empty': ['{}', payload],
  };
  const good: Record<string, [string, string]> = {
    'white space': [` ${header}\n`, `\t{ ${inner} }\r\n`],
    'escaped names and values': [
      header.replace('"alg"', '"\\u0061lg"'),
      payload.replace('"sub"', '"\\u0073ub"'),
    ],
    'an unknown header parameter': [`{"x":1,${header.slice(1)}`, payload],
    'the same name at two depths': [header, `{${inner},"x":{"sub":"other"}}`],
    'a text with brackets and quotes': [header, `{${inner},"x":"{[\\"a\\":1,\\"a\\":2"}`],
    'other scripts': [header, `{${inner},"name":"Ω≈ç√ 東京 🗝"}`],
    'exp with a fraction': [header, payload.replace(/("exp":\d+)/, '$1.5')],
  };
  const make = (list: typeof bad, build: typeof invalid) =>
    Object.entries(list).map(([name, [head, body]]) => build(name, signRaw(head, body, key)));
  const [input] = [
    `${encode(header)}.${encode(Buffer.from(payload.replace('}', ',"x":"\xff"}'), 'latin1'))}`,
  ];
  const notUtf8 = `${input}.${encode(signBytes(key.alg, input, key.privateKey))}`;
  return [...make(bad, invalid), ...make(good, valid), invalid('payload: not UTF-8', notUtf8)];
}
