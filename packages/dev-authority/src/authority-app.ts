import type { RequestListener } from 'node:http';
import Provider, { errors } from 'oidc-provider';
import type { DevClients } from './clients.ts';
import { createErrorReport } from './error-report.ts';
import { applyFaults } from './fault-layer.ts';
import type { FaultList } from './faults.ts';
import {
  catchErrors,
  confinePages,
  refuseForeignForms,
  refuseForeignHost,
  refuseOtherSpellings,
} from './guards.ts';
import { serveHome } from './home.ts';
import { serveInteractions } from './interactions.ts';
import { logProviderEvents } from './log-events.ts';
import { followProfile } from './profile-layer.ts';
import type { Profile } from './profiles/profile.ts';
import { buildProviderConfiguration, type ConfigurationParts } from './provider-configuration.ts';
import { buildProviderPages } from './provider-pages.ts';
import { matchRedirects, requireRegistrable } from './redirect-matching.ts';

/** What an authority is made of. */
export type AuthorityParts = Omit<ConfigurationParts, 'pages'> & { faults: FaultList };

/**
 * Creates oidc-provider with our guards and pages in front of it, as a listener for an HTTP server.
 * @throws TypeError when a client's settings are refused; the message names the client
 */
export async function createAuthorityApp(issuer: string, parts: AuthorityParts): Promise<RequestListener> {
  const { clients, settings, faults } = parts;
  const { users, log } = settings;
  const report = createErrorReport(log);
  const pages = buildProviderPages(clients, users, report);
  const provider = new Provider(issuer, buildProviderConfiguration({ ...parts, pages }));
  matchRedirects(provider, settings.profile);
  await requireValidClients(provider, clients, settings.profile);
  logProviderEvents(provider, log);
  // The order matters: nothing is done for a foreign host, and the headers are set before anything can fail.
  provider.use(refuseForeignHost(issuer, log));
  provider.use(confinePages());
  provider.use(catchErrors(report));
  provider.use(refuseOtherSpellings(settings.profile.routes));
  provider.use(refuseForeignForms(issuer, settings.profile.routes, report));
  provider.use(followProfile(issuer, settings.profile));
  provider.use(applyFaults(faults, clients, settings));
  provider.use(serveHome(issuer, clients, settings));
  provider.use(serveInteractions({ provider, clients, users, log }));
  return provider.callback();
}

/** oidc-provider looks at a client when it is first used, which would be in the middle of somebody's sign-in. */
async function requireValidClients(provider: Provider, clients: DevClients, profile: Profile): Promise<void> {
  for (const [clientId, client] of Object.entries(clients)) {
    if (client) requireRegistrable(client, profile);
    try {
      await provider.Client.find(clientId);
    } catch (error) {
      const reason = error instanceof errors.OIDCProviderError ? error.error_description : String(error);
      throw new TypeError(`The client '${clientId}' cannot be registered: ${reason}.`, { cause: error });
    }
  }
}
