import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadSettings, type SettingRule } from '../src/index.ts';

interface Own {
  readonly port?: number;
}
const own: Record<keyof Own, SettingRule> = { port: [Number.isInteger, 'a port'] };
const good = { issuer: 'https://login.example.com', audience: 'https://api.example.com' };

test('A09 a settings file: the verifier’s keys and the API’s own; a fault names file, key and what was expected', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'settings-file-'));
  t.after(() => rm(folder, { recursive: true }));
  const file = join(folder, 'settings.json');
  const load = async (content: unknown) => {
    await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
    return loadSettings<Own>(file, own);
  };
  assert.equal((await load({ ...good, port: 3701 })).port, 3701);
  for (const [content, fault] of [
    ['[1]', /expected one JSON object/],
    [{ ...good, port: '3701' }, /key "port": expected a port, got "3701"/],
    [{ ...good, issuer: undefined }, /key "issuer": expected a text, got nothing/],
    [{ ...good, issuer: 'http://login.example.com' }, /"issuer": expected an https address/],
    [{ ...good, audiance: 'x' }, /key "audiance" is not known: did you mean "audience"\?/],
    [{ ...good, colour: 'x' }, /key "colour" is not known; there are issuer, audience/],
    [{ ...good, fetch: 'x' }, /key "fetch" is not known/],
    [{ ...good, userInfo: 'yes' }, /key "userInfo": expected true or false, got "yes"/],
    [{ ...good, clockToleranceSeconds: -1 }, /"clockToleranceSeconds": expected a number, 0 or more/],
    [
      { ...good, introspection: { clientID: 'x', clientSecret: 'hidden' } },
      /"introspection\.clientID": expected one of clientId/,
    ],
    [{ ...good, introspection: { clientSecret: 'hidden' } }, /"introspection\.clientId": expected one text/],
    [
      { ...good, introspection: { clientId: 'x', clientSecret: ['hidden'] } },
      /"introspection\.clientSecret"/,
    ],
    [{ ...good, introspection: 'hidden' }, /key "introspection": expected an object, got a text/],
    [
      { ...good, dpop: { origin: 'https://api.example.com', requird: true } },
      /"dpop\.requird": expected one of/,
    ],
    [{ ...good, tokenCookie: {} }, /"tokenCookie\.name": expected the name of a cookie/],
    [{ ...good, introspection: ['hidden'] }, /key "introspection": expected an object/],
    ['{"introspection":{"clientSecret":"hidden"},}', /JSON/],
  ] as const)
    await assert.rejects(load(content), (error: Error) => {
      assert.ok(error.message.startsWith(`${file}: `));
      assert.match(error.message, fault);
      assert.ok(!error.message.includes('hidden'), error.message);
      return true;
    });
  await assert.rejects(
    loadSettings(join(folder, 'absent.json'), {}),
    /absent\.json: cannot be read \(ENOENT\)/,
  );
});

test('the page about guarding an API names every setting', async () => {
  const page = await readFile(new URL('../../../docs/guarding-an-api.md', import.meta.url), 'utf8');
  const source = await readFile(new URL('../src/settings.ts', import.meta.url), 'utf8');
  const [, body = ''] = /interface AccessTokenVerifierSettings[^{]*\{(.*?)^\}/ms.exec(source) ?? [];
  const keys = [...body.matchAll(/^ {2}readonly (\w+)/gm)].map(([, key]) => key);
  assert.ok(keys.length > 25);
  const table = page.slice(page.indexOf('## Settings'));
  assert.deepEqual(
    keys.filter((key) => !table.includes(`\`${key}\``)),
    [],
  );
});
