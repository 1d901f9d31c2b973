import type { DevClient } from '../clients.ts';
import type { Profile } from '../profiles/profile.ts';
import type { DevUser } from '../users.ts';
import { html } from './html.ts';
import { renderPage } from './layout.ts';

/** What the start page shows. */
export interface HomeView {
  issuer: string;
  metadataAddress: string;
  profile: Pick<Profile, 'title' | 'nativeClientSecret'>;
  apiAudience: string;
  clients: readonly DevClient[];
  users: readonly DevUser[];
}

/** The page at the issuer's address: what a developer needs to set up an app. */
export function renderHomePage(view: HomeView): string {
  const clients = view.clients.map(
    (client) => html`<dt>${client.name}</dt><dd><code>${client.clientId}</code>
${(client.redirectUris ?? []).map((uri) => html`<br><code>${uri}</code>`)}</dd>`,
  );
  const { nativeClientSecret: secret } = view.profile;
  const users = view.users.map((user) => html`<dt>${user.name}</dt><dd><code>${user.username}</code></dd>`);
  return renderPage(
    'Overview',
    html`<h1>This is an authorization server</h1>
<p class="lead">It signs in the test users of your apps with OpenID Connect. Point an app at the issuer below.</p>
<dl>
<dt>Issuer</dt><dd><code>${view.issuer}</code></dd>
<dt>Configuration</dt><dd><a href="${view.metadataAddress}">${new URL(view.metadataAddress).pathname}</a></dd>
<dt>Behaves like</dt><dd>${view.profile.title}</dd>
${secret ? html`<dt>Secret of native clients</dt><dd><code>${secret}</code></dd>` : ''}
<dt>API audience</dt><dd><code>${view.apiAudience}</code></dd>
</dl>
<h2>Clients and their redirect addresses</h2>
<dl>${clients}</dl>
<h2>Test users</h2>
<dl>${users}</dl>`,
    'wide',
  );
}
