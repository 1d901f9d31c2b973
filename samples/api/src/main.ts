import { fileURLToPath } from 'node:url';
import { startSampleApi } from './sample-api.ts';
import { loadSampleSettings } from './settings.ts';

const file = process.argv[2] ?? fileURLToPath(new URL('../settings.json', import.meta.url));

try {
  const api = await startSampleApi(await loadSampleSettings(file));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void api.stop());
} catch (error) {
  process.stderr.write(`The sample API did not start. ${(error as Error).message}\n`);
  process.exitCode = 1;
}
