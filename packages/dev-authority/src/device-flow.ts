import type { Configuration, errors } from 'oidc-provider';
import type { DevClients } from './clients.ts';
import { sendPage } from './middleware.ts';
import { renderDeviceCodePage, renderDeviceConfirmPage, renderDeviceDonePage } from './pages/device.ts';
import { trustedHtml } from './pages/html.ts';

/** The device authorization grant with our pages. @see RFC 8628 */
export function buildDeviceFlow(
  clients: DevClients,
): NonNullable<NonNullable<Configuration['features']>['deviceFlow']> {
  return {
    enabled: true,
    userCodeInputSource: (ctx, form, _out, error) =>
      sendPage(ctx, renderDeviceCodePage(trustedHtml(plainInput(form)), error && problemOf(error))),
    userCodeConfirmSource: (ctx, form, client, _deviceInfo, userCode) => {
      const clientName = clients[client.clientId]?.name ?? client.clientId;
      const page = { clientName, userCode, form: trustedHtml(withoutConfirm(form)) };
      sendPage(ctx, renderDeviceConfirmPage(page));
    },
    successSource: (ctx) =>
      sendPage(ctx, renderDeviceDonePage(clients[ctx.oidc.client?.clientId ?? '']?.name)),
  };
}

/** The policy of our pages permits no inline handler, and a placeholder is no label. */
function plainInput(form: string): string {
  return form
    .replace(/ onfocus="[^"]*"/, '')
    .replace('placeholder="Enter code"', 'id="user_code" autocapitalize="characters" spellcheck="false"');
}

/** The button says it, so that the other button does not. */
function withoutConfirm(form: string): string {
  return form.replace(/<input type="hidden" name="confirm" value="yes"\/>/, '');
}

function problemOf(error: Partial<errors.OIDCProviderError> & { readonly userCode?: string }): string {
  if (error.name === 'AbortedError') return 'The sign-in was stopped. You can close this page.';
  if (error.name === 'NoCodeError') return 'Type the code first.';
  if (error.userCode !== undefined)
    return 'This code is not known, has expired or was used already. Check it, or start again on the other device.';
  return 'The sign-in was not finished. Start it again on the other device.';
}
