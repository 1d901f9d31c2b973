import { type ChildProcess, fork } from 'node:child_process';
import type { UtilityProcess } from 'electron';
import { createEmitter } from './events.ts';
import { nodeProgram } from './node-program.ts';
import { partial, partialEmitter } from './partial.ts';

/** Loaded into every such process before its own program. */
const PARENT_PORT = new URL('./parent-port.ts', import.meta.url).href;

/** Electron's `utilityProcess`: a Node process that hears its parent through `process.parentPort`. */
export const utilityProcess = partial<typeof import('electron').utilityProcess>('utilityProcess', {
  fork(modulePath, args = [], { env = process.env, execArgv = [] } = {}) {
    const node = { execPath: nodeProgram, execArgv: [...execArgv, '--import', PARENT_PORT] };
    return wrap(fork(modulePath, args, { ...node, env: env as NodeJS.ProcessEnv, stdio: 'ignore' }));
  },
});

function wrap(child: ChildProcess): UtilityProcess {
  const emitter = createEmitter('UtilityProcess', ['spawn', 'message', 'exit']);
  child.on('spawn', () => emitter.emit('spawn'));
  child.on('message', (message) => emitter.emit('message', message));
  child.on('exit', (code) => emitter.emit('exit', code ?? 1));
  return partialEmitter<UtilityProcess>('UtilityProcess', emitter, {
    pid: child.pid,
    kill: () => child.kill(),
    postMessage: (message) => void child.send(message, () => undefined),
  });
}
