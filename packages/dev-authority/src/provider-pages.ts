import type { Configuration } from 'oidc-provider';
import type { DevClients } from './clients.ts';
import type { ReportError } from './error-report.ts';
import { sendPage } from './middleware.ts';
import { trustedHtml } from './pages/html.ts';
import { renderSignedOutPage, renderSignOutPage } from './pages/sign-out.ts';
import type { DevUser } from './users.ts';

/** The pages that oidc-provider asks for by callback. */
export interface ProviderPages {
  renderError: NonNullable<Configuration['renderError']>;
  rpInitiatedLogout: NonNullable<NonNullable<Configuration['features']>['rpInitiatedLogout']>;
}

/** Builds the callbacks for the error page and the sign-out pages. */
export function buildProviderPages(
  clients: DevClients,
  users: readonly DevUser[],
  report: ReportError,
): ProviderPages {
  return {
    renderError: (ctx, _out, error) => report(ctx, error),
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: (ctx, form) => {
        const clientId = ctx.oidc.client?.clientId ?? '';
        ctx.state.destination = ctx.oidc.params?.post_logout_redirect_uri;
        const user = users.find(({ sub }) => sub === ctx.oidc.session?.accountId);
        sendPage(
          ctx,
          renderSignOutPage({ clientName: clients[clientId]?.name, user, form: trustedHtml(form) }),
        );
      },
      postLogoutSuccessSource: (ctx) => sendPage(ctx, renderSignedOutPage()),
    },
  };
}
