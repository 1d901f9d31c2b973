import type { EventEmitter } from 'node:events';
import type { Provider } from 'oidc-provider';
import { describeOAuthError, logError } from './error-report.ts';

/** Logs what happens at the endpoints that no person sees. Names and reasons only, never a token or code. */
export function logProviderEvents(provider: Provider, log: (line: string) => void): void {
  provider.on('grant.success', ({ oidc }) => {
    log(`tokens for ${oidc.client?.clientId} by ${String(oidc.params?.grant_type)}`);
  });
  provider.on('grant.error', ({ oidc }, error) => {
    log(`no tokens for ${oidc.client?.clientId ?? 'an unknown client'}: ${describeOAuthError(error)}`);
  });
  provider.on('grant.revoked', ({ oidc }) => {
    log(`a grant of ${oidc.client?.clientId ?? 'an ended session'} was revoked`);
  });
  provider.on('authorization.error', ({ oidc }, error) => {
    log(`no code for ${oidc.client?.clientId ?? 'an unknown client'}: ${describeOAuthError(error)}`);
  });
  provider.on('end_session.success', ({ oidc }) => {
    log(
      oidc.params?.logout ? 'a browser session ended' : 'a user was asked to sign out and stayed signed in',
    );
  });
  // An error without a page has its id in this header, so that it can be found in the log too.
  provider.on('server_error', (ctx, error) => {
    ctx.set('X-Error-Id', logError(ctx, error, log));
  });
  // What goes wrong outside of any route, mostly a browser that hung up. Without a listener Koa prints it.
  const app: EventEmitter = provider;
  app.on('error', (error: Error) => log(`connection error: ${error.message}`));
}
