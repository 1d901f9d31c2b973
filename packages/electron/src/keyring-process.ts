import type { StartKeyringProcess } from '@deskauth/node';
import { utilityProcess } from 'electron';

/**
 * Starts the process that asks the keyring by Electron's own means: Node's `fork` would start a packaged app once
 * more when its fuse `runAsNode` is off.
 */
export const startKeyringProcess: StartKeyringProcess = (file, onAnswer, onEnd) => {
  // Who starts the app could name another library for the keyring, which would run with the app's signature.
  const { NAPI_RS_NATIVE_LIBRARY_PATH: _theirs, ...env } = process.env;
  const child = utilityProcess.fork(file, [], { serviceName: 'Keyring', stdio: 'ignore', env });
  // Without a listener an error of the process would end the app.
  child.on('message', onAnswer).on('exit', onEnd).on('error', onEnd);
  return { post: (question) => child.postMessage(question), kill: () => void child.kill() };
};
