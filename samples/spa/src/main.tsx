import { takeAnswer } from '@deskauth/spa';
import { render } from 'preact';
import { openSession } from './session.ts';
import { App } from './views/app.tsx';
import { StartFailure } from './views/failure.tsx';

// Before anything is loaded: the address may hold an authorization code.
const answer = takeAnswer();
const root = document.getElementById('app');

if (root)
  try {
    const session = await openSession();
    render(<App session={session} started={session.start(answer)} />, root);
  } catch (error) {
    render(<StartFailure reason={(error as Error).message} />, root);
  }
