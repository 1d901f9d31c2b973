import { setTimeout as sleep } from 'node:timers/promises';
import { type DevClients, isOriginOfClient } from './clients.ts';
import type { Fault, FaultEndpoint, FaultList } from './faults.ts';
import { isJsonObject } from './json-object.ts';
import type { PageContext, PageMiddleware } from './middleware.ts';
import type { Routes } from './profiles/profile.ts';
import type { ResolvedSettings } from './settings.ts';

const endpointsOf = (routes: Routes): Readonly<Record<string, FaultEndpoint>> => ({
  '/.well-known/openid-configuration': 'discovery',
  '/.well-known/oauth-authorization-server': 'discovery',
  [routes.jwks]: 'jwks',
  [routes.authorization]: 'authorize',
  [routes.pushed_authorization_request]: 'par',
  [routes.token]: 'token',
  [routes.userinfo]: 'userinfo',
  [routes.introspection]: 'introspect',
  [routes.revocation]: 'revoke',
  [routes.device_authorization]: 'device-code',
  [routes.end_session]: 'sign-out',
});

/** Lets faults happen in front of oidc-provider. A request that meets none passes as if this were not there. */
export function applyFaults(
  faults: FaultList,
  clients: DevClients,
  { log, profile }: Pick<ResolvedSettings, 'log' | 'profile'>,
): PageMiddleware {
  const endpoints = endpointsOf(profile.routes);
  return async (ctx, next) => {
    // The browser's question whether it may ask (CORS) is no request of the app.
    const fault = ctx.method === 'OPTIONS' ? undefined : faults.take(endpoints[ctx.path]);
    if (!fault) return next();
    log(`a fault at ${fault.at}: ${fault.kind}`);
    if (fault.delaySeconds) await sleep(fault.delaySeconds * 1000, undefined, { ref: false });
    await happen(fault, ctx, next, clients);
  };
}

async function happen(
  fault: Fault,
  ctx: PageContext,
  next: () => Promise<unknown>,
  clients: DevClients,
): Promise<void> {
  switch (fault.kind) {
    case 'delay':
      await next();
      return;
    case 'no-answer':
      ctx.respond = false;
      return;
    case 'cut':
      hangUp(ctx);
      return;
    case 'lose-answer':
      await next();
      hangUp(ctx);
      return;
    case 'truncate':
      await next();
      sendHalf(ctx);
      return;
    case 'edit':
      await next();
      if (isJsonObject(ctx.body)) ctx.body = edit(ctx.body, fault);
      return;
    default:
      allowOrigin(ctx, clients);
      Object.assign(ctx, answerOf(fault));
      if (fault.kind === 'status' && fault.retryAfterSeconds !== undefined)
        ctx.set('Retry-After', String(fault.retryAfterSeconds));
  }
}

function answerOf(fault: Extract<Fault, { kind: 'page' | 'status' | 'error' }>) {
  if (fault.kind === 'page')
    return { status: 200, type: 'html', body: '<!doctype html><title>Welcome</title><p>Please sign in.\n' };
  if (fault.kind === 'status')
    return { status: fault.status, type: 'text', body: `A fault that was asked for: ${fault.status}\n` };
  const { error, errorDescription: error_description } = fault;
  return { status: fault.status ?? 400, body: { error, ...(error_description && { error_description }) } };
}

/** An answer without this header is a network fault to a page, whatever its status is. */
function allowOrigin(ctx: PageContext, clients: DevClients): void {
  const origin = ctx.get('Origin');
  if (Object.values(clients).some((client) => isOriginOfClient(client, origin)))
    ctx.set({ 'Access-Control-Allow-Origin': origin, Vary: 'Origin' });
}

function hangUp(ctx: PageContext): void {
  ctx.respond = false;
  ctx.req.socket.destroy();
}

function sendHalf(ctx: PageContext): void {
  const whole = Buffer.from(typeof ctx.body === 'string' ? ctx.body : JSON.stringify(ctx.body ?? ''));
  ctx.respond = false;
  ctx.res.writeHead(ctx.status, { 'content-length': whole.length });
  ctx.res.write(whole.subarray(0, whole.length / 2), () => ctx.req.socket.destroySoon());
}

function edit(body: object, { set = {}, remove = [] }: Extract<Fault, { kind: 'edit' }>): object {
  const members = Object.entries({ ...body, ...set }).filter(([name]) => !remove.includes(name));
  return Object.fromEntries(members);
}
