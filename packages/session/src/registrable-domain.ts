/** What countries put between their own label and the registered one. */
const SECOND_LEVELS = new Set(
  `ac ad adv art asn asso biz blog co com cri csiro ed edu fin firm gen go gob gouv gov gr gub gv health id in ind
  info int iwi jus k12 kiwi leg lg ltd ltda maori me med mil mod muni name ne net nhs nic nom nor ong or org parliament
  pe plc police prd pro re res sch school sld tm web`.split(/\s+/),
);

/**
 * Domains below which everybody can have a name: hosting, tunnels, dynamic addresses, and sign-in as a service. Two
 * names below one of them are two customers. The public suffix list has thousands more; a data file that grows old
 * with the app would be no better than these and the setting `endpointOrigins`.
 */
const SHARED = new Set(
  `amazonaws.com amazoncognito.com awsapprunner.com cloudfront.net elasticbeanstalk.com on.aws
  azure.com azure-api.net azurecontainerapps.io azureedge.net azurefd.net azurestaticapps.net azurewebsites.net
  cloudapp.net trafficmanager.net windows.net devtunnels.ms onmicrosoft.com b2clogin.com ciamlogin.com
  appspot.com cloudfunctions.net firebaseapp.com googleapis.com googleusercontent.com run.app web.app blogspot.com
  github.io github.dev githubpreview.dev gitlab.io bitbucket.io gitpod.io codespaces.com
  workers.dev pages.dev trycloudflare.com r2.dev vercel.app now.sh netlify.app netlify.com herokuapp.com fly.dev
  onrender.com railway.app koyeb.app deno.dev surge.sh glitch.me replit.app replit.dev repl.co stackblitz.io
  webcontainer.io hf.space ondigitalocean.app digitaloceanspaces.com vultrobjects.com linodeobjects.com scw.cloud
  ngrok.io ngrok.app ngrok.dev ngrok-free.app ngrok-free.dev loca.lt lhr.life localhost.run serveo.net ts.net
  duckdns.org dynv6.net hopto.org ddns.net no-ip.org dyndns.org nip.io sslip.io xip.io traefik.me cloudns.net
  auth0.com okta.com oktapreview.com okta-emea.com okta-gov.com onelogin.com zitadel.cloud fusionauth.io kinde.com
  frontegg.com accounts.dev authkit.app workos.com stytch.com supabase.co supabase.in logto.app descope.com
  myshopify.com wordpress.com sharepoint.com atlassian.net zendesk.com force.com my.salesforce.com service-now.com
  phasetwo.io cloud-iam.com scalekit.com asgardeo.io criipto.id`.split(/\s+/),
);

/**
 * True when both hosts belong to one owner, as far as it can be told without a list of all suffixes: the same host, or
 * two below one registered domain that strangers do not share.
 */
export function isSameOwner(one: URL, other: URL): boolean {
  if (hostOf(one) === hostOf(other)) return true;
  const domain = registrableDomain(one);
  return domain !== undefined && domain === registrableDomain(other);
}

const hostOf = ({ hostname }: URL) => hostname.replace(/\.$/, '');

/** Two labels, and three under a country's own second level (`co.uk`); undefined where there is none, or none alone. */
function registrableDomain(url: URL): string | undefined {
  const host = hostOf(url);
  const labels = host.split('.');
  const [second = '', top = ''] = labels.slice(-2);
  const length = top.length === 2 && SECOND_LEVELS.has(second) ? 3 : 2;
  const isNumeric = host.startsWith('[') || /^\d+$/.test(top);
  if (isNumeric || labels.length < length || isShared(labels)) return undefined;
  return labels.slice(-length).join('.');
}

/** True for a shared domain and everything below it. */
function isShared(labels: readonly string[]): boolean {
  return labels.some((_label, index) => SHARED.has(labels.slice(index).join('.')));
}
