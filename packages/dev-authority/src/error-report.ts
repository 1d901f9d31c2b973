import { randomUUID } from 'node:crypto';
import type { errors } from 'oidc-provider';
import { explainError, isExplanation, isOAuthError, queryText } from './explanations.ts';
import { type PageContext, sendPage } from './middleware.ts';
import { type ErrorView, renderErrorPage } from './pages/error.ts';

/** Logs an error under an id, and answers with a page that shows the same id. */
export type ReportError = (ctx: PageContext, error: unknown) => void;

/** Creates the one place where errors become pages and log lines. */
export function createErrorReport(log: (line: string) => void): ReportError {
  return (ctx, error) => {
    const errorId = logError(ctx, error, log);
    const { status, ...explanation } = explainError(ctx, error);
    sendPage(ctx, renderErrorPage({ ...explanation, errorId, facts: collectFacts(ctx, error) }), status);
  };
}

/** Logs an error under an id, once for each request, and returns the id. */
export function logError(ctx: PageContext, error: unknown, log: (line: string) => void): string {
  const known: unknown = ctx.state.errorId;
  if (typeof known === 'string') return known;
  const errorId = randomUUID().slice(0, 8);
  ctx.state.errorId = errorId;
  log(`error ${errorId}: ${ctx.method} ${ctx.path}: ${oneLine(describe(error))}`);
  return errorId;
}

/** A text that cannot start a log line of its own. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ');
}

/** An expected error in its own words; an unexpected one with the place where it was thrown. */
function describe(error: unknown): string {
  if (isExplanation(error)) return error.problem;
  if (isOAuthError(error)) return describeOAuthError(error);
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** Code, description and detail of an OAuth error on one line. */
export function describeOAuthError(error: errors.OIDCProviderError): string {
  return oneLine([error.error, error.error_description, error.error_detail].filter(Boolean).join(', '));
}

function collectFacts(ctx: PageContext, error: unknown): ErrorView['facts'] {
  if (!isOAuthError(error)) return [];
  return [
    ['Error', error.error],
    ['Description', error.error_description],
    ['Client id', queryText(ctx, 'client_id')],
    ['Redirect URI', queryText(ctx, 'redirect_uri')],
    ['Sign-out redirect URI', queryText(ctx, 'post_logout_redirect_uri')],
  ];
}
