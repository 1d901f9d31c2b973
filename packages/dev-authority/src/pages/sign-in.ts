import { type DevUser, defaultPassword } from '../users.ts';
import { type Html, html } from './html.ts';
import { accountBadge, renderPage } from './layout.ts';

/** What the sign-in page shows. */
export interface SignInView {
  clientName: string;
  /** What is in the user name field already: the client's `login_hint`, the last attempt or the signed-in user. */
  username: string;
  /** The last attempt did not match. */
  refused: boolean;
  /** Why somebody who is signed in already sees this page; undefined for anybody else. */
  signedInAs: DevUser | undefined;
  users: readonly DevUser[];
}

/** The page that asks for user name and password. */
export function renderSignInPage(view: SignInView): string {
  const focus = view.username === '' ? 'username' : 'password';
  return renderPage(
    'Sign in',
    html`<h1>Sign in</h1>
<p class="lead">to continue to <strong>${view.clientName}</strong></p>
${
  view.signedInAs &&
  html`<div class="note"><p>You are signed in as ${view.signedInAs.name}.
${view.clientName} asks you to sign in again.</p></div>`
}
${
  view.refused &&
  html`<div class="alert" role="alert" id="refusal"><p>This user name and password do not match.
Check both and try again.</p></div>`
}
<form method="post">
<label for="username">User name or email address</label>
<input id="username" name="username" value="${view.username}" autocomplete="username" autocapitalize="none"
spellcheck="false" required ${focus === 'username' && html`autofocus`} ${invalid(view)}>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required
${focus === 'password' && html`autofocus`} ${invalid(view)}>
<div class="buttons">
<button class="primary" name="action" value="sign-in">Sign in</button>
<button name="action" value="cancel" formnovalidate>Cancel</button>
</div>
</form>
<div class="note hint">${passwordHint(view.users)}</div>`,
  );
}

/** The page that asks a signed-in user which account to go on with. */
export function renderAccountPage(clientName: string, user: DevUser): string {
  return renderPage(
    'Choose an account',
    html`<h1>Choose an account</h1>
<p class="lead">to continue to <strong>${clientName}</strong></p>
${accountBadge(user)}
<form method="post"><div class="buttons">
<button class="primary" name="action" value="continue" autofocus>Continue as ${user.name}</button>
<button name="action" value="other-account">Use another account</button>
<button name="action" value="cancel">Cancel</button>
</div></form>`,
  );
}

function invalid(view: SignInView): Html | false {
  return view.refused && html`aria-invalid="true" aria-describedby="refusal"`;
}

function passwordHint(users: readonly DevUser[]): Html {
  const entries = users.map(
    ({ username, password }) =>
      html`<li><code>${username}</code>, password <code>${password ?? defaultPassword}</code></li>`,
  );
  return html`<p><strong>Test users</strong></p><ul>${entries}</ul>`;
}
