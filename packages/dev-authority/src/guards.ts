import type { ReportError } from './error-report.ts';
import type { PageMiddleware } from './middleware.ts';
import { styleHash } from './pages/style.ts';
import type { Routes } from './profiles/profile.ts';

/**
 * Answers only to the issuer's own name. A page that has its host name point to this machine (DNS rebinding) still
 * sends that name in `Host`.
 */
export function refuseForeignHost(issuer: string, log: (line: string) => void): PageMiddleware {
  const { host, origin } = new URL(issuer);
  return async (ctx, next) => {
    // The absolute form of a request target would win over Host when oidc-provider builds addresses.
    if (ctx.req.headers.host === host && ctx.req.url?.startsWith('/')) return next();
    log(`refused a request for the host ${JSON.stringify(ctx.req.headers.host ?? '')}`);
    ctx.status = 421;
    ctx.body = `This development authority answers only as ${origin}\n`;
  };
}

/**
 * Passes on only what is spelled as the routes are. oidc-provider takes a path in any case and with a slash behind it; what
 * goes by paths here would not know it again.
 */
export function refuseOtherSpellings(routes: Routes): PageMiddleware {
  const known = ['/.well-known/', '/interaction/', ...Object.values(routes)];
  const isOther = (path: string) =>
    known.some((own) => !path.startsWith(own) && path.toLowerCase().startsWith(own.toLowerCase()));
  return async ({ path }, next) => {
    // What catches errors says that there is nothing.
    const isRight = path === '/' || !(path.endsWith('/') || isOther(path));
    if (isRight) await next();
  };
}

/** Refuses forms that another site's page has sent. Programs that are no browsers send no `Origin`. */
export function refuseForeignForms(
  issuer: string,
  { end_session: signOut, code_verification: device }: Routes,
  report: ReportError,
): PageMiddleware {
  const own = new URL(issuer).origin;
  const isOfPage = (path: string) =>
    path.startsWith('/interaction/') || path.startsWith(`${signOut}/`) || path === device;
  return async (ctx, next) => {
    const origin = ctx.get('Origin');
    const isForm = ctx.method === 'POST' && isOfPage(ctx.path);
    if (!isForm || origin === '' || origin === own) return next();
    report(ctx, {
      status: 403,
      title: 'This form came from another site',
      problem: `It was sent by ${origin}, and only pages of ${own} may send it.`,
      advice: 'Go back to your app and start the sign-in again.',
    });
  };
}

/**
 * Sets the headers that confine the pages.
 *
 * Chromium applies `form-action` also to the redirects that follow a form. The last of them goes to the app, so the
 * policy of each page names where its own answer is to go, and nothing else.
 * @see CSP Level 3 §6.4.2
 */
export function confinePages(): PageMiddleware {
  return async (ctx, next) => {
    ctx.set({
      'Content-Security-Policy': pagePolicy,
      'Referrer-Policy': 'same-origin',
      'X-Content-Type-Options': 'nosniff',
      'X-Frame-Options': 'DENY',
    });
    await next();
    const destination = ctx.state.destination ?? destinationOfRoute(ctx.oidc);
    if (!ctx.response.is('html') || typeof destination !== 'string' || destination === '') return;
    const policy = ctx.response.get('Content-Security-Policy');
    ctx.set('Content-Security-Policy', policy.replace("form-action 'self'", `$& ${sourceOf(destination)}`));
  };
}

/** `script-src` is empty, not absent: oidc-provider adds the hash of the script that posts its own forms. */
const pagePolicy = [
  "default-src 'none'",
  'script-src',
  `style-src ${styleHash}`,
  "img-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Where the forms that oidc-provider renders itself lead in the end; it has checked these addresses by then. */
function destinationOfRoute(oidc: Parameters<PageMiddleware>[0]['oidc'] | undefined): unknown {
  const { params, entities } = oidc ?? {};
  return (
    params?.post_logout_redirect_uri ?? params?.redirect_uri ?? entities?.Interaction?.params.redirect_uri
  );
}

/** The URI as a source expression. That grammar has no IPv6 addresses, so for these only the scheme is named. */
function sourceOf(uri: string): string {
  const { protocol, host } = new URL(uri);
  return host === '' || host.startsWith('[') ? protocol : `${protocol}//${host}`;
}

/** Shows a page for what nobody answered or somebody threw. */
export function catchErrors(report: ReportError): PageMiddleware {
  return async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      report(ctx, error);
      return;
    }
    if (ctx.respond === false || ctx.status !== 404 || ctx.body !== undefined) return;
    report(ctx, {
      status: 404,
      title: 'There is no such page',
      problem: `The authority has nothing at ${ctx.path}.`,
      advice: 'The addresses that it does have are in /.well-known/openid-configuration.',
    });
  };
}
