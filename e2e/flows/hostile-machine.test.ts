import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { SecureContextOptions } from 'node:tls';
import { createNodeSession, loopbackRedirect, systemBrowser } from '@deskauth/node';
import type { AuthError, Session } from '@deskauth/session';
import {
  type Bend,
  createHttpBrowser,
  createKeyRing,
  type HostileAuthority,
  type KeyRing,
  startHostileAuthority,
} from '../../testing/hostile-authority/src/index.ts';
import { makeCertificate, noOpenssl } from './certificates.ts';

let keys: KeyRing;
let folder: string;
before(async () => {
  keys = await createKeyRing();
  folder = await mkdtemp(join(tmpdir(), 'deskauth machine '));
});
after(() => rm(folder, { recursive: true, force: true }));

const common = { appName: 'Hostile', clientId: 'desktop', allowHttp: true, store: 'memory' } as const;

async function withAuthority(
  bend: Bend,
  work: (authority: HostileAuthority) => Promise<void>,
): Promise<void> {
  const authority = await startHostileAuthority({ bend, keys });
  await work(authority).finally(() => authority.stop());
}

const codeOf = (session: Session) =>
  session.signIn().finished.then(
    () => 'signed-in',
    (error: AuthError) => `${error.code} ${error.message}`,
  );

test('DISC-04 an address with shell characters reaches the launcher as one argument, and nothing runs', () =>
  withAuthority(
    {
      metadata: (honest, { issuer }) => ({
        ...honest,
        authorization_endpoint: `${issuer}/authorize$(touch pwned);\`touch pwned\`"'&|\u0000-x`,
      }),
    },
    async ({ issuer }) => {
      const record = join(folder, 'arguments.json');
      const script = `require('fs').writeFileSync(${JSON.stringify(record)}, JSON.stringify(process.argv.slice(1)))`;
      const browser = systemBrowser((url) => [process.execPath, '-e', script, '--', url]);
      const session = createNodeSession({ ...common, issuer, browser });
      const attempt = session.signIn();
      attempt.finished.catch(() => {});
      let text = '';
      while (text === '') {
        text = await readFile(record, 'utf8').catch(() => '');
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      attempt.cancel();
      const argv = JSON.parse(text) as string[];
      assert.equal(argv.length, 1);
      assert.equal(argv[0], attempt.url);
      assert.match(argv[0] ?? '', /^http:\/\/127\.0\.0\.1:\d+\/authorize[^\s"`]*$/);
      await assert.rejects(readFile('pwned'));
    },
  ));

test('AUTH-25 an answer in a form is taken where that is configured, with the same checks', () =>
  withAuthority(
    {
      answer: (honest) => {
        const post = `${honest.origin}${honest.pathname}`;
        const form = honest.search.slice(1);
        return [
          { post, form: form.replace(/state=[^&]*/, 'state=other') },
          { post, form: `${form}&padding=${'x'.repeat(70_000)}` },
          { post, form },
        ];
      },
    },
    async ({ issuer, asked }) => {
      const browser = createHttpBrowser(fetch);
      const redirect = loopbackRedirect({ responseMode: 'form_post' });
      const statuses: number[] = [];
      const open = async (url: string) => {
        const { searchParams } = new URL(url);
        const asAddress = `${searchParams.get('redirect_uri')}?code=c&state=${searchParams.get('state')}`;
        statuses.push((await fetch(asAddress)).status);
        await browser.open(url);
      };
      const session = createNodeSession({ ...common, issuer, browser: { open }, redirect });
      assert.equal(await codeOf(session), 'signed-in');
      assert.deepEqual(statuses, [405]);
      await browser.idle;
      assert.equal(new URL(browser.opened[0] ?? '').searchParams.get('response_mode'), 'form_post');
      assert.equal(browser.pages.length, 3);
      assert.match(browser.pages[0] ?? '', /no longer open/);
      assert.match(browser.pages[1] ?? '', /too large/);
      assert.match(browser.pages[2] ?? '', /signed in/);
      assert.equal(asked.tokenForms.length, 1);
    },
  ));

test('AUTH-05 two windows of one app: the first attempt is superseded, its late answer changes nothing', () =>
  withAuthority({}, async ({ issuer }) => {
    const opened: string[] = [];
    const browser = { open: async (url: string) => void opened.push(url) };
    const session = createNodeSession({ ...common, issuer, browser });
    const untilOpened = async (count: number) => {
      while (opened.length < count) await new Promise((resolve) => setTimeout(resolve, 5));
    };
    const first = session.signIn({ loginHint: 'first' });
    await untilOpened(1);
    const second = session.signIn({ loginHint: 'second' });
    await untilOpened(2);
    const tab = createHttpBrowser(fetch);
    await tab.open(opened[1] ?? '');
    assert.equal((await second.finished).sub, 'user-europe');
    await tab.open(opened[0] ?? '');
    await tab.idle;
    const ended = await first.finished.then(
      () => 'signed-in',
      (error: AuthError) => error.code,
    );
    assert.match(ended, /^(signed-in|AUTH_SIGN_IN_SUPERSEDED)$/);
    assert.equal(session.state.status, 'signed-in');
  }));

test('TOK-19 the requests ask every cache on the way to stay out of it', () =>
  withAuthority({}, async ({ issuer, asked }) => {
    const session = createNodeSession({ ...common, issuer, browser: createHttpBrowser(fetch) });
    assert.equal(await codeOf(session), 'signed-in');
    assert.equal(asked.tokenHeaders[0]?.['cache-control'], 'no-cache');
    assert.equal(asked.tokenHeaders[0]?.pragma, 'no-cache');
  }));

test('TOK-17 a second answer that nobody asked for is not taken for the next one', async () => {
  const json = (body: unknown) => {
    const text = JSON.stringify(body);
    return `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${text.length}\r\n\r\n${text}`;
  };
  const asked: string[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (data) => {
      const [line = ''] = data.toString().split('\r\n');
      asked.push(line);
      const { port } = server.address() as AddressInfo;
      const issuer = `http://127.0.0.1:${port}`;
      const metadata = {
        ...{ issuer, authorization_endpoint: `${issuer}/authorize`, token_endpoint: `${issuer}/token` },
        ...{ jwks_uri: `${issuer}/keys`, userinfo_endpoint: `${issuer}/userinfo` },
      };
      const poison = json({ access_token: 'poison', token_type: 'Bearer', expires_in: 300 });
      if (line.includes('openid-configuration')) socket.write(`${json(metadata)}${poison}`);
      else if (line.startsWith('POST'))
        socket.write(json({ error: 'invalid_grant' }).replace('200 OK', '400 Bad Request'));
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const browser = {
    async open(url: string) {
      const request = new URL(url).searchParams;
      void fetch(`${request.get('redirect_uri')}?code=c&state=${request.get('state')}`).then((page) =>
        page.text(),
      );
    },
  };
  const session = createNodeSession({ ...common, issuer, browser, scope: 'openid companies' });
  assert.match(await codeOf(session), /^AUTH_(CODE_REJECTED|NETWORK)/);
  assert.equal(session.state.status, 'signed-out');
  server.close();
  assert.ok(asked.length > 0);
});

const HERE = 'IP:127.0.0.1';

async function signInOver(options: SecureContextOptions): Promise<{ ended: string; asked: number }> {
  let asked = 0;
  const server = createTlsServer(options, (_request, response) => {
    asked += 1;
    response.end('{}');
  });
  server.on('tlsClientError', () => {});
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const browser = { open: () => Promise.reject(new Error('must not be opened')) };
  const session = createNodeSession({ ...common, issuer: `https://127.0.0.1:${port}`, browser });
  const ended = await codeOf(session);
  server.closeAllConnections();
  server.close();
  return { ended, asked };
}

test('TOK-08 a certificate that nobody vouches for ends it before a request is sent', {
  skip: noOpenssl,
}, async () => {
  const { ended, asked } = await signInOver(makeCertificate(folder, 'self', { subject: HERE }));
  assert.match(ended, /^AUTH_NETWORK .*self-signed certificate/);
  assert.equal(asked, 0);
});

test('TOK-08 an old protocol ends it', { skip: noOpenssl }, async () => {
  const certificate = makeCertificate(folder, 'old', { subject: HERE });
  const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT:@SECLEVEL=0' } as const;
  const { ended, asked } = await signInOver({ ...certificate, ...old });
  assert.match(ended, /^AUTH_NETWORK /);
  assert.equal(asked, 0);
});

// Trust is decided when a process starts: the two that need a trusted certificate run in one of their own.
const trusting: [name: string, days: number, subject: string, expected: RegExp][] = [
  ['a certificate for another host', 2, 'DNS:other.example.com', /altnames|does not match/i],
  ['a certificate that has expired', -1, HERE, /has expired.*is this machine's date right/],
];

for (const [index, [name, days, subject, expected]] of trusting.entries())
  test(`TOK-08 ${name} ends it`, { skip: noOpenssl }, async () => {
    const made = makeCertificate(folder, `trusted-${index}`, { days, subject });
    const script = join(folder, `client-${index}.ts`);
    const packageOf = (path: string) => JSON.stringify(join(import.meta.dirname, '../../packages', path));
    await writeFile(
      script,
      `import { createServer } from 'node:https';
       import { createNodeSession } from ${packageOf('node/src/index.ts')};
       const server = createServer(${JSON.stringify(made)}, (_q, r) => r.end('{}'));
       server.listen(0, '127.0.0.1', () => {
         const issuer = 'https://127.0.0.1:' + server.address().port;
         const browser = { open: () => Promise.reject(new Error('no')) };
         const session = createNodeSession({ appName: 'x', clientId: 'desktop', store: 'memory', issuer, browser });
         session.signIn().finished.catch((error) => { console.log(error.code, error.message); process.exit(0); });
       });`,
    );
    const env = { ...process.env, NODE_EXTRA_CA_CERTS: join(folder, `trusted-${index}.crt`) };
    const ran = spawnSync(process.execPath, ['--conditions=source', script], { env, timeout: 30_000 });
    assert.match(ran.stdout.toString(), /^AUTH_NETWORK /, ran.stderr.toString());
    assert.match(ran.stdout.toString(), expected);
  });

test('AUTH-22 ConsentFix: nothing asks for an address, the page takes the code away, the guide says the rest', () =>
  withAuthority({}, async ({ issuer }) => {
    const browser = createHttpBrowser(fetch);
    const session = createNodeSession({ ...common, issuer, browser });
    assert.equal(await codeOf(session), 'signed-in');
    await browser.idle;
    const [page = ''] = browser.pages;
    assert.match(page, /history\.replaceState\(null, '', location\.pathname\)/);
    assert.doesNotMatch(page, /paste|<input|<textarea/i);
    const guide = await readFile(
      join(import.meta.dirname, '../../docs/guides/loopback-or-scheme.md'),
      'utf8',
    );
    assert.match(guide, /## ConsentFix/);
    const { searchParams } = new URL(browser.opened[0] ?? '');
    assert.match(searchParams.get('redirect_uri') ?? '', /^http:\/\/127\.0\.0\.1:\d+\/callback$/);
  }));
