import { errors } from 'oidc-provider';
import type { PageContext } from './middleware.ts';
import type { ErrorView } from './pages/error.ts';

/** An error in words for the person who sees it. May be thrown. */
export type Explanation = Pick<ErrorView, 'title' | 'problem' | 'advice'> & { status: number };

/** Puts any error into words. What was not expected is not explained: it may say more than a page should. */
export function explainError(ctx: PageContext, error: unknown): Explanation {
  if (isExplanation(error)) return error;
  if (error instanceof errors.SessionNotFound) return pageIsOver;
  if (error instanceof errors.InvalidRedirectUri) return explainRedirectUri(queryText(ctx, 'redirect_uri'));
  if (error instanceof errors.InvalidClient) return explainClient(queryText(ctx, 'client_id'));
  if (isOAuthError(error)) return explainOAuthError(error);
  return brokenAuthority;
}

/** Tells errors in the words of the protocol from bugs. */
export function isOAuthError(error: unknown): error is errors.OIDCProviderError {
  return error instanceof errors.OIDCProviderError && error.expose;
}

/** Tells an error that brings its own words. */
export function isExplanation(error: unknown): error is Explanation {
  return typeof error === 'object' && error !== null && 'advice' in error;
}

/** A query parameter that was sent once. */
export function queryText(ctx: PageContext, name: string): string | undefined {
  const value = ctx.query[name];
  return typeof value === 'string' ? value : undefined;
}

const pageIsOver: Explanation = {
  status: 400,
  title: 'This page is no longer valid',
  problem:
    'The sign-in it belongs to has finished, has expired, or was started before the authority restarted.',
  advice: 'Go back to your app and start again.',
};

const brokenAuthority: Explanation = {
  status: 500,
  title: 'The authority could not answer',
  problem: 'Something went wrong inside the authority.',
  advice: 'Try again. The log has the details under the error id below.',
};

function explainRedirectUri(redirectUri = ''): Explanation {
  return {
    status: 400,
    title: 'The app’s redirect address is not registered',
    problem: `The app wants the answer at ${redirectUri}, which is not one of its registered addresses.`,
    advice:
      'Compare scheme, host and path with the registered redirect addresses; the port too, where the authority behaves like a provider that compares it.',
  };
}

function explainClient(clientId = 'that the request names'): Explanation {
  return {
    status: 400,
    title: 'This app is not registered',
    problem: `There is no client with the id ${clientId}.`,
    advice: 'Correct the client id in the app’s settings, or add the client to the authority.',
  };
}

function explainOAuthError(error: errors.OIDCProviderError): Explanation {
  return {
    status: error.statusCode,
    title: 'The app’s request was refused',
    problem: error.error_description ?? error.message,
    advice: 'Correct the request that the app sends, and start again.',
  };
}
