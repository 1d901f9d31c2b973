import { EventEmitter } from 'node:events';

/** Gives a process that {@link utilityProcess} started its `process.parentPort`; it ends with its parent. */
const port = Object.assign(new EventEmitter(), {
  postMessage: (message: unknown) => void process.send?.(message),
});
Object.assign(process, { parentPort: port });
process.on('message', (data) => port.emit('message', { data, ports: [] }));
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
