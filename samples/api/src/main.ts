import { fileURLToPath } from 'node:url';
import { useProxy } from './proxy.ts';
import { startSampleApi } from './sample-api.ts';
import { loadSettings } from './settings.ts';

const file = process.argv[2] ?? fileURLToPath(new URL('../settings.json', import.meta.url));

try {
  const settings = await loadSettings(file);
  useProxy(settings.proxy);
  const api = await startSampleApi(settings);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void api.stop());
} catch (error) {
  process.stderr.write(`The sample API did not start. ${(error as Error).message}\n`);
  process.exitCode = 1;
}
