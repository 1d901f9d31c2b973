import type { DevUser } from '../users.ts';
import { type Html, html } from './html.ts';
import { accountBadge, renderPage } from './layout.ts';

/** What the sign-out page shows. */
export interface SignOutView {
  /** Undefined when nobody says which app sent the user. */
  clientName: string | undefined;
  user: DevUser | undefined;
  /** The hidden form of oidc-provider that the buttons belong to. */
  form: Html;
}

/** The page that asks whether to end the browser session. */
export function renderSignOutPage(view: SignOutView): string {
  return renderPage(
    'Sign out',
    html`<h1>Do you want to sign out?</h1>
<p class="lead">${view.clientName ? html`<strong>${view.clientName}</strong> asks to sign you out` : 'This signs you out'}
of this browser's session. Apps that rely on it will ask you to sign in again.</p>
${view.user && accountBadge(view.user)}
${view.form}
<div class="buttons pair">
<button class="primary" form="op.logoutForm" name="logout" value="yes" autofocus>Sign out</button>
<button form="op.logoutForm">Stay signed in</button>
</div>`,
  );
}

/** The page after sign-out, for a client that has named no page of its own. */
export function renderSignedOutPage(): string {
  return renderPage(
    'Signed out',
    html`<h1>You are signed out</h1>
<p class="lead">You can close this page and go back to your app.</p>`,
  );
}
