import type { PageTexts } from './page-texts.ts';

const GO_BACK = 'You can close this tab and go back to {app}.';

export const en: PageTexts = {
  theApp: 'the app',
  pages: {
    'signed-in': { title: 'You are signed in as {name}', text: GO_BACK },
    'signed-in-already': { title: 'You are already signed in', text: GO_BACK },
    'signed-out': { title: 'You are signed out', text: GO_BACK },
    failed: { title: 'The sign-in did not succeed', text: GO_BACK },
    cancelled: {
      title: 'The sign-in was cancelled',
      text: 'If you want to sign in after all, go back to {app} and start again.',
    },
    expired: {
      title: 'This sign-in took too long',
      text: 'For your safety, a sign-in is open for a few minutes only. Go back to {app} and start again.',
    },
    superseded: {
      title: 'Another sign-in was started',
      text: 'Continue in the tab that was opened last. You can close this one.',
    },
    unknown: {
      title: 'This sign-in is no longer open',
      text: 'It was finished or cancelled before. Go back to {app} to see whether you are signed in.',
    },
    'stray-error': {
      title: 'The sign-in server reports an error',
      text: 'It does not say which sign-in it means, so {app} goes on waiting. Go back to {app}, cancel the sign-in there and start again. If this page returns, tell whoever looks after the app what it says.',
    },
  },
  reasons: {
    denied: 'The request was refused in the browser. Sign in again and allow it.',
    question: 'The sign-in server has one more question for you. Sign in again.',
    network: 'The sign-in server could not be reached. Check the network connection, then try again.',
    trouble: 'The sign-in server has a problem. Try again in a few minutes.',
    intercepted:
      'Something on the network answered in place of the sign-in server. Open any web page to see whether the network wants a sign-in of its own, then try again.',
    setup:
      'The sign-in server does not accept this app as it is set up. Give the error id to whoever looks after the app.',
    untrusted:
      'The answer of the sign-in server did not pass the checks. Sign in again, and report the error id if that does not help.',
    other: 'Something went wrong. Try again, and report the error id if that does not help.',
  },
  labels: { cause: 'What happened', code: 'Error code', id: 'Error id' },
  interstitial: {
    title: 'One more step: go back to {app}',
    text: 'Your browser may ask whether it should open the app. Allow it.',
    button: 'Open {app}',
    help: 'Nothing happens? Then the app is not installed on this computer, or it was closed. Start {app} and sign in there again. Nobody will ever ask you to copy the address of this page: do not send it to anyone.',
    nothing: {
      title: 'There is nothing to do here',
      text: 'This page is part of the sign-in of {app}. Open the app and sign in there.',
    },
  },
};
