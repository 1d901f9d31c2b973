// A whole sign-in in a process of its own, for the test that listens to what is printed.
import { startDevAuthority } from '@deskauth/dev-authority';
import { createHttpBrowser } from '@deskauth/dev-authority/testing';
import * as client from 'openid-client';
import { requireToken, signIn } from './authority-fixture.ts';

const authority = await startDevAuthority({ port: 0 });
const browser = createHttpBrowser();
const { config, tokens } = await signIn(authority, { browser });
await client.refreshTokenGrant(config, requireToken(tokens.refresh_token));
await client.tokenRevocation(config, requireToken(tokens.refresh_token));
await fetch(`${authority.issuer}/authorize`);
await browser.signOut(`${authority.issuer}/sign-out`);
await authority.stop();
console.log('signed in');
