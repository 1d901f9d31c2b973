import type { SessionState } from '@deskauth/spa';

/** `?log=debug` switches logging on in a released build. States, addresses and error ids only: nothing that opens a door. */
const isOn = () => new URLSearchParams(location.search).get('log') === 'debug';

/** Writes one line to the console, where logging is on. */
export function log(what: string, details: Readonly<Record<string, unknown>>): void {
  if (isOn()) console.debug(`deskauth: ${what}`, JSON.stringify(details));
}

export function logState(state: SessionState): void {
  const { status, error } = state;
  const why = status === 'signing-in' ? { step: state.step } : { reason: state.reason };
  log('session', { status, ...why, ...(error && { code: error.code, errorId: error.errorId }) });
}
