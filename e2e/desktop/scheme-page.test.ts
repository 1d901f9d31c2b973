import assert from 'node:assert/strict';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { buildInterstitialPage } from '@deskauth/node';
import { signInOnPage } from '../browser/sign-in-page.ts';
import { makeCertificate, noOpenssl } from '../flows/certificates.ts';
import { createDesktopBench } from './desktop-bench.ts';
import { clickSignIn, noScheme, SCHEME, startPersonBrowser } from './scheme-bench.ts';

const SITE = 'https://signin.deskauth.example';
const PAGE = `${SITE}/back-to-the-app`;

test('D09 LINK-11 the page that leads back to the app: authority, page, its button, desktop file, second process, window', {
  skip: noScheme || noOpenssl,
}, async () => {
  const client = {
    clientId: 'deskauth-desktop',
    name: 'Deskauth Desktop',
    type: 'native',
    redirectUris: [PAGE],
  } as const;
  const bench = await createDesktopBench({ redirect: 'scheme', redirectPage: PAGE }, [client]);
  const html = buildInterstitialPage({ scheme: SCHEME, appName: 'Deskauth Desktop', accent: '#7a5cff' });
  const certificate = makeCertificate(bench.directory, 'site', { subject: 'DNS:signin.deskauth.example' });
  const site = createServer(certificate, (_request, response) => {
    response.setHeader('content-type', 'text/html');
    response.end(html);
  });
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  const { port } = site.address() as AddressInfo;
  const person = await startPersonBrowser(bench, SITE, [
    `--host-resolver-rules=MAP signin.deskauth.example:443 127.0.0.1:${port}`,
    '--ignore-certificate-errors',
  ]);
  const { window, quit } = await bench.startApp();
  try {
    window.setDefaultTimeout(20_000);
    const address = await clickSignIn(bench, window);
    assert.equal(new URL(address).searchParams.get('redirect_uri'), PAGE);
    const page = await person.newPage();
    await page.goto(address);
    await signInOnPage(page, 'global');
    const button = page.getByRole('link', { name: 'Open Deskauth Desktop' });
    await button.waitFor();
    assert.equal(page.url(), PAGE, 'the code is out of the address bar');
    await button.click();
    await window.getByText('Northwind Turbines').waitFor();
    await window.getByRole('button', { name: /Global Manager/ }).waitFor();
  } finally {
    await quit();
    await person.close();
    site.close().closeAllConnections();
    await bench.stop();
  }
});
