import type { DevUser } from '../users.ts';
import { type Html, html, trustedHtml } from './html.ts';
import { style } from './style.ts';

/** The mark of the authority, also its browser icon. */
export const iconSvg =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" aria-hidden="true">' +
  '<rect width="32" height="32" rx="8" fill="#3346c4"/>' +
  '<path d="M16 6l8 3v6c0 5.2-3.3 8.9-8 11-4.7-2.1-8-5.800-8-11V9z" fill="#fff"/>' +
  '<path d="M12.3 15.8l2.700 2.700 4.800-5" fill="none" stroke="#3346c4" stroke-width="2.2" ' +
  'stroke-linecap="round" stroke-linejoin="round"/></svg>';

/** A whole page: the warning that each one carries, the mark, and a card with the content. */
export function renderPage(title: string, content: Html, width: 'narrow' | 'wide' = 'narrow'): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · Deskauth development authority</title>
<link rel="icon" href="/icon.svg" type="image/svg+xml">
<style>${trustedHtml(style)}</style>
</head>
<body>
<div class="warning" role="note">Development server on this machine. Never use it in production.</div>
<main class="${width}">
<p class="brand">${trustedHtml(iconSvg)} Deskauth development authority</p>
<section class="card">
${content}
</section>
</main>
</body>
</html>
`.markup;
}

/** The user's name and address beside their initials. */
export function accountBadge(user: DevUser): Html {
  const initials = `${user.givenName.charAt(0)}${user.familyName.charAt(0)}`;
  // A long address may break before its domain, and nowhere better.
  const [mailbox, domain] = user.email.split('@');
  return html`<div class="account"><span class="initials" aria-hidden="true">${initials}</span>
<div><strong>${user.name}</strong><span>${mailbox}<wbr>@${domain}</span></div></div>`;
}
