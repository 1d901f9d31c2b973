import { setFips } from 'node:crypto';
import { createNodeSession } from '@deskauth/node';

// FIPS mode without a FIPS module: OpenSSL has no algorithm left that it may use.
setFips(true);
try {
  createNodeSession({ appName: 'x', issuer: 'https://login.example.com', clientId: 'x', store: 'memory' });
} catch (error) {
  process.stdout.write(`${(error as { code?: string }).code} ${(error as Error).message}\n`);
}
