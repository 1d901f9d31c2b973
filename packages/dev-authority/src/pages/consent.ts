import { describeScope } from '../scopes.ts';
import type { DevUser } from '../users.ts';
import { html } from './html.ts';
import { accountBadge, renderPage } from './layout.ts';

/** What the consent page shows. */
export interface ConsentView {
  clientName: string;
  /**
   * Where the answer goes: the only thing that tells a real app from one that uses its name. Undefined for a sign-in on
   * another device.
   */
  redirectUri: string | undefined;
  user: DevUser;
  scopes: readonly string[];
}

/** The page that asks whether a client may have what it asks for. */
export function renderConsentPage(view: ConsentView): string {
  const scopes = view.scopes.map((name) => html`<li>${describeScope(name)}<code>${name}</code></li>`);
  return renderPage(
    'Allow access',
    html`<h1>Allow ${view.clientName} to access your account?</h1>
${accountBadge(view.user)}
<p class="lead">If you allow it, <strong>${view.clientName}</strong> will be able to:</p>
<ul class="scopes">${scopes}</ul>
<form method="post"><div class="buttons pair">
<button class="primary" name="action" value="allow">Allow</button>
<button name="action" value="refuse">Refuse</button>
</div>
<p class="hint">Not you? <button class="link" name="action" value="other-account">Use another account</button></p>
</form>
<p class="hint lead">${view.redirectUri ? html`The answer goes to <code>${view.redirectUri}</code>.` : 'This is a sign-in on another device.'}
Refuse if you did not start this sign-in yourself.</p>`,
  );
}
