import type { ServerResponse } from 'node:http';
import type { SignInOutcome } from '@deskauth/session';
import type { Refusal } from './loopback-request.ts';
import { PAGE_HEADERS, type Page, renderPage } from './page-template.ts';

/** Ends the browser's wait with a page that says what really happened. `appName` is what the person knows the app by. */
export function sendAnswerPage(response: ServerResponse, outcome: SignInOutcome, appName: string): void {
  response.writeHead(outcome.kind === 'signed-in' || outcome.kind === 'signed-out' ? 200 : 400, PAGE_HEADERS);
  response.end(renderPage({ appName, ...describeOutcome(outcome, appName) }));
}

/** Answers what was no authorization response, in as few words as possible. */
export function sendRefusal(response: ServerResponse, refusal: Refusal): void {
  response.writeHead(refusal.status, {
    'content-type': 'text/plain; charset=utf-8',
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
    connection: 'close',
  });
  response.end(`${refusal.text}\n`);
}

function describeOutcome(outcome: SignInOutcome, appName: string): Omit<Page, 'appName'> {
  const goBack = `You can close this tab and go back to ${appName}.`;
  switch (outcome.kind) {
    case 'signed-in':
      return {
        mood: 'good',
        title: 'You are signed in as',
        name: outcome.user.displayName,
        paragraphs: [goBack],
      };
    case 'signed-out':
      return { mood: 'good', title: 'You are signed out', paragraphs: [goBack] };
    case 'failed': {
      const { next, message, code, errorId } = outcome.error;
      return {
        mood: 'bad',
        title: 'You are not signed in',
        paragraphs: [next, goBack],
        details: { 'What happened': message, 'Error code': code, 'Error id': errorId },
      };
    }
    case 'unknown':
      return {
        mood: 'plain',
        title: 'This sign-in is no longer open',
        paragraphs: [
          `It was finished or cancelled before. Go back to ${appName} to see whether you are signed in.`,
        ],
      };
  }
}
