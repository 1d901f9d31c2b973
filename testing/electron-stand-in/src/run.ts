import { registerHooks } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { electronVersion } from './electron-version.ts';
import { quit, start } from './lifecycle.ts';
import { useManifest } from './manifest.ts';
import { nodeProgram } from './node-program.ts';
import { openPackedApp } from './packed-app.ts';
import { hearPower } from './small-modules.ts';

/**
 * The process of an app: `node run.ts PATH [arguments]`, where PATH is a main file, a folder with package.json, or a
 * packed app: `app.asar` or the folder that has it.
 */
const [, , path, ...args] = process.argv;
if (!path) {
  console.error('Usage: electron-stand-in PATH/TO/main.js [arguments]');
  process.exit(2);
}

const packed = openPackedApp(path);
const { mainFile } = useManifest(packed?.folder ?? path);
Object.defineProperty(process, 'versions', { value: { ...process.versions, electron: electronVersion() } });
Object.assign(process, { type: 'browser' });
if (packed) {
  // A packed app is its own program, and its arguments are all that follows.
  const program = process.env.DESKAUTH_STAND_IN_PROGRAM ?? nodeProgram;
  process.argv = [program, ...args];
  Object.assign(process, { execPath: program, execArgv: [], resourcesPath: packed.resources });
} else {
  process.argv = [nodeProgram, mainFile, ...args];
  // As with Electron, `execPath`, `execArgv` and `argv[1]` together start the app again.
  process.execArgv = [...process.execArgv, fileURLToPath(import.meta.url)];
  Object.assign(process, { defaultApp: true });
}

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
