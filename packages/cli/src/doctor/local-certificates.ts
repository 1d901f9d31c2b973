import {
  CERTIFICATES,
  type DomainFiles,
  filesOf,
  listDomains,
  loadCertificate,
} from '../certificates/files.ts';
import { faultOfRoot, faultOfServer, hasEnded } from '../certificates/state.ts';
import type { Finding } from './finding.ts';

/**
 * Are the certificates of local domains good to be served? Nothing where there are none. Whether a server has them, and
 * fails by them, is looked at there.
 */
export async function checkLocalCertificates(
  directory = CERTIFICATES,
  now = Date.now() / 1000,
): Promise<readonly Finding[]> {
  const domains = await listDomains(directory);
  return Promise.all(
    domains.map(async (domain): Promise<Finding> => {
      const fault = await faultOf(filesOf(directory, domain), domain, now);
      const check = 'local domain';
      if (fault === undefined)
        return { check, verdict: 'good', says: `${domain}: its certificates are good` };
      const next = `deskauth certs --domain ${domain} renews what can be; then start the servers again.`;
      return { check, verdict: 'note', says: `${domain}: ${fault}`, next };
    }),
  );
}

async function faultOf(files: DomainFiles, domain: string, now: number): Promise<string | undefined> {
  const [root, server] = await Promise.all([loadCertificate(files.root), loadCertificate(files.server)]);
  if (!root || !server) return 'its certificates are not all there';
  const ofRoot = faultOfRoot(root) ?? (hasEnded(root, now) ? 'it has ended' : undefined);
  if (ofRoot !== undefined) return `of ${files.root.certificate}, ${ofRoot}`;
  const ofServer = faultOfServer(server, root, domain, now);
  return ofServer && `of ${files.server.certificate}, ${ofServer}`;
}
