import {
  initialState,
  type SessionEvent,
  type SessionState,
  type SettledState,
  settledPart,
  transition,
} from './state.ts';

/** The state of one session, and who is told when it changes. */
export interface StateHolder {
  readonly state: SessionState;
  /** What holds without the sign-in that is under way. */
  readonly settled: SettledState;
  dispatch(event: SessionEvent): void;
  settle(state: SettledState): void;
  /** Calls the listener after every change; returns what ends that. */
  onChange(listener: (state: SessionState) => void): () => void;
}

/** Creates a {@link StateHolder}: nobody is signed in. */
export function createStateHolder(): StateHolder {
  const listeners = new Set<(state: SessionState) => void>();
  let state: SessionState = initialState;

  function dispatch(event: SessionEvent): void {
    const next = transition(state, event);
    if (next === state) return;
    state = next;
    for (const listener of listeners) listener(state);
  }

  return {
    get state() {
      return state;
    },
    get settled() {
      return settledPart(state);
    },
    dispatch,
    settle: (settled) => dispatch({ type: 'settled', state: settled }),
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
