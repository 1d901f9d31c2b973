import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeClock } from '@deskauth/session/testing';
import { shellBrowser } from '../src/shell-browser.ts';

test('OPEN-01 only https and http on this machine reach the operating system', async () => {
  const opened: string[] = [];
  const browser = shellBrowser(async (url) => void opened.push(url));
  await browser.open('https://login.example.com/authorize?a=1&b="2"');
  await browser.open('http://127.0.0.1:3700/authorize');
  for (const address of [
    'http://login.example.com/',
    'file:///etc/passwd',
    'smb://host/',
    'javascript:1',
    'calc.exe',
  ])
    await assert.rejects(browser.open(address), { code: 'AUTH_BROWSER_NOT_OPENED' }, address);
  assert.deepEqual(opened, [
    'https://login.example.com/authorize?a=1&b=%222%22',
    'http://127.0.0.1:3700/authorize',
  ]);
});

test('OPEN-07 a launcher that hangs or fails is told within ten seconds', async () => {
  const clock = createFakeClock();
  const hanging = shellBrowser(() => new Promise(() => {}), clock).open('https://login.example.com/');
  clock.advance(10);
  await assert.rejects(hanging, { code: 'AUTH_BROWSER_NOT_OPENED', message: /10 seconds/ });
  const failing = shellBrowser(() => Promise.reject(new Error('no handler')), clock);
  await assert.rejects(failing.open('https://login.example.com/'), { message: /no handler/ });
});
