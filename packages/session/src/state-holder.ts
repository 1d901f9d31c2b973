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

/**
 * Creates a {@link StateHolder}: nobody is signed in.
 * @param onFault hears what a listener of the app threw
 */
export function createStateHolder(onFault: (error: unknown) => void): StateHolder {
  const listeners = new Set<(state: SessionState) => void>();
  let state: SessionState = initialState;

  /** The app's fault must not keep a sign-out from its work, or a sign-in from its end. */
  function tell(listener: (state: SessionState) => void): void {
    try {
      listener(state);
    } catch (error) {
      onFault(error);
    }
  }

  function dispatch(event: SessionEvent): void {
    const next = transition(state, event);
    if (next === state) return;
    state = next;
    for (const listener of listeners) tell(listener);
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
