import { type Html, html } from './html.ts';
import { renderPage } from './layout.ts';

/** The page where the person types the code that another device shows. `problem` is what was wrong with the last one. */
export function renderDeviceCodePage(form: Html, problem: string | undefined): string {
  return renderPage(
    'Sign in on another device',
    html`<h1>Sign in on another device</h1>
<p class="lead">Type the code that the other device shows. Only go on if you started the sign-in there yourself.</p>
${problem && html`<div class="alert" role="alert"><p>${problem}</p></div>`}
<label for="user_code">Code</label>
${form}
<div class="buttons"><button class="primary" form="op.deviceInputForm">Continue</button></div>`,
  );
}

/** What the confirmation page shows. */
export interface DeviceConfirmView {
  clientName: string;
  userCode: string;
  form: Html;
}

/** The page that asks whether the code is the one on the other device. @see RFC 8628 §5.4 */
export function renderDeviceConfirmPage({ clientName, userCode, form }: DeviceConfirmView): string {
  return renderPage(
    'Is this your device?',
    html`<h1>Does your other device show this code?</h1>
<p class="lead"><strong>${clientName}</strong> wants to sign you in there.</p>
<p class="user-code"><code>${userCode}</code></p>
${form}
<div class="buttons pair">
<button class="primary" form="op.deviceConfirmForm" name="confirm" value="yes">Yes, continue</button>
<button form="op.deviceConfirmForm" name="abort" value="yes">No, stop</button>
</div>
<p class="hint">If somebody sent you this code or this page, stop: whoever has that device would be signed in as you.</p>`,
  );
}

/** The last page: the rest happens on the other device. */
export function renderDeviceDonePage(clientName: string | undefined): string {
  return renderPage(
    'Go back to your other device',
    html`<h1>You are signed in on the other device</h1>
<p class="lead">${clientName ?? 'The app'} goes on there by itself. You can close this page.</p>`,
  );
}
