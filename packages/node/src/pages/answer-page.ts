import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AuthErrorCode, AuthErrorData, SignInOutcome } from '@deskauth/session';
import type { Refusal } from '../loopback-request.ts';
import { chooseLanguage, type Language, TEXTS } from './language.ts';
import type { Icon } from './page-parts.ts';
import { type PageSettings, requirePageSettings } from './page-settings.ts';
import { createPageTemplate, type Detail, type Page } from './page-template.ts';
import type { PageKind, PageTexts, Reason } from './texts/page-texts.ts';

/** What a browser can be told: how the sign-in ended, or that this browser is the second to ask. */
export type Ending = SignInOutcome | { readonly kind: 'signed-in-already' };

/** Ends the browser's wait with what really happened. */
export type SendEnding = (request: IncomingMessage, response: ServerResponse, ending: Ending) => void;

const LOOKS: Readonly<Record<PageKind, Pick<Page, 'mood' | 'icon'> & { readonly status: 200 | 400 }>> = {
  'signed-in': look('good', 200),
  'signed-in-already': look('good', 200),
  'signed-out': look('good', 200),
  failed: look('bad'),
  cancelled: look('plain'),
  expired: look('plain', 400, 'late'),
  superseded: look('plain'),
  unknown: look('plain'),
  'stray-error': look('bad'),
};

/** Ends that are no fault: the page has nothing for support. */
const ENDED_AS: Readonly<Partial<Record<AuthErrorCode, PageKind>>> = {
  AUTH_SIGN_IN_CANCELLED: 'cancelled',
  AUTH_SIGN_IN_TIMED_OUT: 'expired',
  AUTH_SIGN_IN_SUPERSEDED: 'superseded',
};

/** What is the same for the person has the same text; every other code has the text of `other`. */
const REASONS: Readonly<Partial<Record<AuthErrorCode, Reason>>> = {
  AUTH_ACCESS_DENIED: 'denied',
  AUTH_INTERACTION_REQUIRED: 'question',
  AUTH_NETWORK: 'network',
  AUTH_SERVER_UNAVAILABLE: 'trouble',
  AUTH_SERVER_RESPONSE_INVALID: 'intercepted',
  AUTH_SETTINGS_INVALID: 'setup',
  AUTH_DISCOVERY_FAILED: 'setup',
  AUTH_ISSUER_MISMATCH: 'setup',
  AUTH_ENDPOINT_REFUSED: 'setup',
  AUTH_REQUEST_REJECTED: 'setup',
  AUTH_CLIENT_REJECTED: 'setup',
  AUTH_RESPONSE_INVALID: 'untrusted',
  AUTH_CODE_REJECTED: 'untrusted',
  AUTH_TOKEN_RESPONSE_INVALID: 'untrusted',
  AUTH_ID_TOKEN_INVALID: 'untrusted',
  AUTH_SUBJECT_CHANGED: 'untrusted',
};

/**
 * Creates what sends the last page, in the browser's language, or sends the browser on to the company's.
 * @param appName what the person knows the app by
 * @throws AuthError `AUTH_SETTINGS_INVALID`
 */
export function createAnswerPages(settings: PageSettings, appName: string | undefined): SendEnding {
  const { afterSignIn = {}, ...brand } = requirePageSettings(settings);
  const render = createPageTemplate(brand, appName);
  return (request, response, ending) => {
    const companyPage = companyPageFor(ending, afterSignIn);
    if (companyPage !== undefined) return sendOn(response, companyPage);
    const language = chooseLanguage(request.headers['accept-language']);
    const kind = kindOf(ending);
    const { headers, html } = render(describe(ending, kind, language, appName));
    response.writeHead(LOOKS[kind].status, headers).end(html);
  };
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

function companyPageFor(
  { kind }: Ending,
  { success, failure }: NonNullable<PageSettings['afterSignIn']>,
): string | undefined {
  if (kind === 'signed-in' || kind === 'signed-in-already') return success;
  return kind === 'failed' ? failure : undefined;
}

/** A browser puts the fragment of the address that it came from where the new one has none: an empty one keeps it out. */
function sendOn(response: ServerResponse, address: string): void {
  const { href } = new URL(address);
  response.writeHead(303, {
    location: href.includes('#') ? href : `${href}#`,
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    connection: 'close',
  });
  response.end();
}

function kindOf(ending: Ending): PageKind {
  return ending.kind === 'failed' ? (ENDED_AS[ending.error.code] ?? 'failed') : ending.kind;
}

function describe(ending: Ending, kind: PageKind, language: Language, appName: string | undefined): Page {
  const texts = TEXTS[language];
  const { title, text } = texts.pages[kind];
  const name = ending.kind === 'signed-in' ? ending.user.displayName : '';
  const page = { ...LOOKS[kind], language, title, values: { name, app: appName ?? texts.theApp } };
  if (ending.kind === 'stray-error')
    return { ...page, paragraphs: [text], details: [{ label: texts.labels.cause, value: ending.error }] };
  if (kind !== 'failed' || ending.kind !== 'failed') return { ...page, paragraphs: [text] };
  const reason = texts.reasons[REASONS[ending.error.code] ?? 'other'];
  return { ...page, paragraphs: [reason, text], details: detailsOf(ending.error, texts) };
}

/** The server's own words are kept as they are; what the engine says is English. */
function detailsOf(error: AuthErrorData, { labels }: PageTexts): Detail[] {
  const server = [error.error, error.errorDescription].filter(Boolean).join(': ');
  return [
    server
      ? { label: labels.cause, value: server }
      : { label: labels.cause, value: error.message, language: 'en' },
    { label: labels.code, value: error.code },
    { label: labels.id, value: error.errorId },
  ];
}

function look(mood: Page['mood'], status: 200 | 400 = 400, icon: Icon = mood) {
  return { mood, status, icon };
}
