import type { Grant, Interaction, InteractionResults, Provider } from 'oidc-provider';
import type { DevClient, DevClients } from './clients.ts';
import type { Explanation } from './explanations.ts';
import { readForm } from './form-body.ts';
import { type PageContext, type PageMiddleware, sendPage } from './middleware.ts';
import { renderConsentPage } from './pages/consent.ts';
import { renderAccountPage, renderSignInPage } from './pages/sign-in.ts';
import { grantScopes, parseKnownScopes } from './scopes.ts';
import { type DevUser, findUserByPassword } from './users.ts';

/** What the sign-in and consent pages need to know. */
export interface InteractionParts {
  provider: Provider;
  clients: DevClients;
  users: readonly DevUser[];
  log: (line: string) => void;
}

/** One request of a user who is being asked something. */
interface Step extends InteractionParts {
  ctx: PageContext;
  interaction: Interaction;
  client: DevClient;
  /** Who is signed in to the authority in this browser. */
  user: DevUser | undefined;
}

/** Serves the pages that ask the user: sign-in, choice of account, consent. */
export function serveInteractions(parts: InteractionParts): PageMiddleware {
  return async (ctx, next) => {
    if (!/^\/interaction\/[\w-]+$/.test(ctx.path)) return next();
    const step = await openStep(parts, ctx);
    if (ctx.method !== 'POST') return showQuestion(step);
    const form = await readForm(ctx.req);
    const answer = answers.get(form.get('action') ?? '');
    if (answer === undefined) throw notAsked;
    await answer(step, form);
  };
}

async function openStep(parts: InteractionParts, ctx: PageContext): Promise<Step> {
  const interaction = await parts.provider.interactionDetails(ctx.req, ctx.res);
  const { client_id: clientId, redirect_uri: redirectUri } = interaction.params;
  const client = parts.clients[String(clientId)];
  if (client === undefined) throw notAsked;
  ctx.state.destination = redirectUri;
  const user = parts.users.find(({ sub }) => sub === interaction.session?.accountId);
  return { ...parts, ctx, interaction, client, user };
}

function showQuestion(step: Step): void {
  const { ctx, interaction, client, user } = step;
  const { name } = interaction.prompt;
  if (name === 'consent' && user) sendPage(ctx, renderConsentPage(buildConsentView(step, user)));
  else if (name === 'select_account' && user) sendPage(ctx, renderAccountPage(client.name, user));
  else
    showSignIn(step, {
      username: String(interaction.params.login_hint ?? user?.username ?? ''),
      signedInAs: user,
    });
}

interface SignInAttempt {
  username: string;
  signedInAs?: DevUser | undefined;
  refused?: boolean;
}

function showSignIn({ ctx, client, users }: Step, attempt: SignInAttempt): void {
  const { username, signedInAs, refused = false } = attempt;
  const page = renderSignInPage({ clientName: client.name, users, username, signedInAs, refused });
  sendPage(ctx, page, refused ? 422 : 200);
}

function buildConsentView({ interaction, client }: Step, user: DevUser) {
  const { scope, redirect_uri: redirectUri } = interaction.params;
  return {
    clientName: client.name,
    redirectUri: redirectUri as string | undefined,
    user,
    scopes: parseKnownScopes(scope),
  };
}

/** What the buttons of the pages do, by the value of `action`. */
const answers = new Map<string, (step: Step, form: URLSearchParams) => Promise<void>>([
  ['sign-in', signIn],
  ['other-account', async (step) => showSignIn(step, { username: '' })],
  ['continue', continueAsUser],
  ['allow', allow],
  ['refuse', (step) => refuse(step, 'the user refused to give access')],
  ['cancel', (step) => refuse(step, 'the user cancelled the sign-in')],
]);

async function signIn(step: Step, form: URLSearchParams): Promise<void> {
  const { users, log, client, interaction } = step;
  const username = form.get('username') ?? '';
  const user = findUserByPassword(users, username, form.get('password') ?? '');
  if (user === undefined) {
    log(`sign-in for ${client.clientId} refused: wrong user name or password`);
    return showSignIn(step, { username, refused: true });
  }
  log(`${user.sub} signed in for ${client.clientId}`);
  const chosen = interaction.prompt.name === 'select_account' ? { select_account: {} } : {};
  await finish(step, { login: { accountId: user.sub, amr: ['pwd'] }, ...chosen });
}

async function continueAsUser(step: Step): Promise<void> {
  if (step.interaction.prompt.name !== 'select_account' || !step.user) throw notAsked;
  await finish(step, { select_account: {} });
}

async function allow(step: Step): Promise<void> {
  const { interaction, client, user, log } = step;
  if (interaction.prompt.name !== 'consent' || !user) throw notAsked;
  const grant = await openGrant(step, user);
  grantScopes(grant, interaction.params.scope, interaction.params.resource);
  log(`${user.sub} allowed ${client.clientId}: ${parseKnownScopes(interaction.params.scope).join(' ')}`);
  await finish(step, { consent: { grantId: await grant.save() } });
}

/**
 * A web client has one grant for each session, so that its tabs live and end together. Each sign-in of a native client
 * gets its own: when a stolen refresh token ends one installation, the user's other machines stay signed in.
 */
async function openGrant({ provider, interaction, client }: Step, user: DevUser): Promise<Grant> {
  const known = client.type === 'web' && interaction.grantId;
  const grant = known ? await provider.Grant.find(known) : undefined;
  return grant ?? new provider.Grant({ accountId: user.sub, clientId: client.clientId });
}

/** @see RFC 6749 §4.1.2.1 */
async function refuse(step: Step, reason: string): Promise<void> {
  await finish(step, { error: 'access_denied', error_description: reason });
}

async function finish({ ctx, provider }: Step, result: InteractionResults): Promise<void> {
  const returnTo = await provider.interactionResult(ctx.req, ctx.res, result);
  ctx.status = 303;
  ctx.redirect(returnTo);
}

const notAsked: Explanation = {
  status: 400,
  title: 'This answer does not fit the question',
  problem: 'The form was sent with an action that the page does not have.',
  advice: 'Go back to your app and start the sign-in again.',
};
