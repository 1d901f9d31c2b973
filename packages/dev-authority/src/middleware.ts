import type { KoaContextWithOIDC } from 'oidc-provider';

/** A request on its way through the authority. `oidc` is there only inside a route of oidc-provider. */
export type PageContext = KoaContextWithOIDC;

/** A step in front of oidc-provider: answers itself or calls `next`. */
export type PageMiddleware = (ctx: PageContext, next: () => Promise<unknown>) => Promise<unknown>;

/**
 * Answers with a page of ours. Its forms lead to the authority only, unless `ctx.state.destination` was set to the
 * address where the last redirect after them goes.
 */
export function sendPage(ctx: PageContext, page: string, status = 200): void {
  ctx.state.destination ??= '';
  ctx.status = status;
  ctx.type = 'html';
  ctx.set('Cache-Control', 'no-store');
  ctx.body = page;
}
