import { registerHooks } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { electronVersion } from './electron-version.ts';
import { quit, start } from './lifecycle.ts';
import { readManifest } from './manifest.ts';
import { hearPower } from './small-modules.ts';

/** The process of an app: `node run.ts PATH [arguments]`, where PATH is a main file or a folder with package.json. */
const [program, , path, ...args] = process.argv;
if (!path || !program) {
  console.error('Usage: electron-stand-in PATH/TO/main.js [arguments]');
  process.exit(2);
}

const { mainFile } = readManifest(path);
process.argv = [program, mainFile, ...args];
// As with Electron, `execPath`, `execArgv` and `argv[1]` together start the app again.
process.execArgv = [...process.execArgv, fileURLToPath(import.meta.url)];
Object.defineProperty(process, 'versions', { value: { ...process.versions, electron: electronVersion() } });
Object.assign(process, { type: 'browser', defaultApp: true });

const electron = new URL('./electron.ts', import.meta.url).href;
registerHooks({
  resolve(specifier, context, nextResolve) {
    if (/^electron(\/main|\/common)?$/.test(specifier)) return { url: electron, shortCircuit: true };
    return nextResolve(specifier, context);
  },
});

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => quit());

hearPower();
await import(pathToFileURL(mainFile).href);
await start();
