import { createNodeSession } from '@deskauth/node';

Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.18.3' } });
try {
  createNodeSession({ appName: 'x', issuer: 'https://login.example.com', clientId: 'x', store: 'memory' });
} catch (error) {
  process.stdout.write(`${(error as { code?: string }).code} ${(error as Error).message}\n`);
}
