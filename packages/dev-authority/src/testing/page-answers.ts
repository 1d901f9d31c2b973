import { type Form, parseForms } from './forms.ts';

/** A page of the authority as the browser got it. */
export interface Page {
  url: URL;
  text: string;
  /** The form that is sent: our pages have one at most. */
  form: Form | undefined;
}

/** How to answer the pages of the authority. */
export interface SignInAnswers {
  username: string;
  password: string;
  /** @default 'allow' */
  consent?: 'allow' | 'refuse' | undefined;
}

/** Reads a page and finds its form. */
export async function readPage(url: URL, response: Response): Promise<Page> {
  const text = await response.text();
  return { url, text, form: parseForms(text)[0] };
}

/**
 * Answers the pages of a sign-in.
 * @param asked what was answered before: a page that asks again did not accept the answer
 * @returns the form to send, or undefined when the page asks nothing that is known here
 */
export function answerSignIn(
  page: Page,
  answers: SignInAnswers,
  asked: Set<string>,
): URLSearchParams | undefined {
  const { username, password, consent = 'allow' } = answers;
  const form =
    press(page, 'action', 'sign-in', { username, password }) ??
    press(page, 'action', consent) ??
    press(page, 'action', 'other-account') ??
    press(page, 'confirm', 'yes') ??
    passOn(page);
  const answer = form?.get('action') ?? '';
  if (asked.has(answer)) return undefined;
  if (answer !== '') asked.add(answer);
  return form;
}

/** Confirms the sign-out page. */
export function answerSignOut(page: Page): URLSearchParams | undefined {
  return press(page, 'logout', 'yes') ?? passOn(page);
}

/** The page's address and what it says, for error messages. */
export function describePage({ url, text }: Page): string {
  const parts = text.matchAll(/<(h1|p|dd)\b[^>]*>(.*?)<\/\1>/gs);
  const words = [...parts].map(([, , inner = '']) =>
    inner
      .replace(/<[^>]*>/g, '')
      .replace(/\s+/g, ' ')
      .trim(),
  );
  return `${url.origin}${url.pathname}: ${words.filter(Boolean).join(' | ')}`;
}

/** The fields of the page's form as this button sends them, or undefined when the page has no such button. */
function press({ form }: Page, name: string, value: string, typed: Record<string, string> = {}) {
  if (!form?.buttons.some((button) => button.name === name && button.value === value)) return undefined;
  const sent = new URLSearchParams();
  for (const field of form.fields) sent.append(field.name, typed[field.name] ?? field.value);
  sent.append(name, value);
  return sent;
}

/** The form of a page that only passes something on, and that a script sends in a browser. */
function passOn(page: Page): URLSearchParams | undefined {
  const { buttons = [] } = page.form ?? {};
  const sent = buttons.length === 1 ? press(page, '', '') : undefined;
  sent?.delete('');
  return sent;
}
