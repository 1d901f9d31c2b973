import type { DevClients } from './clients.ts';
import { type PageMiddleware, sendPage } from './middleware.ts';
import { renderHomePage } from './pages/home.ts';
import { iconSvg } from './pages/layout.ts';
import { metadataAddressOf } from './profile-layer.ts';
import type { ResolvedSettings } from './settings.ts';

/** Serves the overview at the issuer's address, and the icon of all pages. */
export function serveHome(issuer: string, clients: DevClients, settings: ResolvedSettings): PageMiddleware {
  const { apiAudience, users } = settings;
  const listed = Object.values(clients).filter((client) => client !== undefined);
  const page = renderHomePage({
    issuer,
    metadataAddress: metadataAddressOf(issuer, settings.profile),
    profile: settings.profile,
    apiAudience,
    clients: listed,
    users,
  });
  return async (ctx, next) => {
    if (ctx.method !== 'GET') return next();
    if (ctx.path === '/') return sendPage(ctx, page);
    if (ctx.path !== '/icon.svg') return next();
    ctx.type = 'image/svg+xml';
    ctx.body = iconSvg;
  };
}
