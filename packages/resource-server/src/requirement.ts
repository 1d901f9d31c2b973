import type { AuthorizationDetailNeeded } from './authorization-details.ts';
import { isChallengeText } from './challenge.ts';
import type { StepUp } from './step-up.ts';

/** What an address asks of its callers beyond a valid token. */
export interface Requirement {
  readonly scope?: string | readonly string[] | undefined;
  readonly authorizationDetails?: readonly AuthorizationDetailNeeded[] | undefined;
  readonly stepUp?: StepUp | undefined;
}

/** What a route can say to its guard. */
type RouteSetting = keyof Requirement | 'public';

const CHECKS: Readonly<Record<RouteSetting, (name: string, value: unknown) => void>> = {
  scope: checkScope,
  authorizationDetails: checkDetails,
  stepUp: checkStepUp,
  public: checkPublic,
};

/**
 * Looks at the settings of a route before anybody comes: one that nobody reads would leave the route open to any token.
 * Other keys belong to the app and to other plugins.
 * @throws TypeError naming the setting and what was expected
 */
export function checkRouteConfig(config: object): void {
  for (const key of Object.keys(config)) {
    const meant = Object.keys(CHECKS).find((name) => plain(name) === plain(key));
    if (meant && meant !== key) throw new TypeError(`config.${key}: the setting is called "${meant}".`);
  }
  for (const [key, check] of Object.entries(CHECKS)) {
    const value: unknown = Reflect.get(config, key);
    if (value !== undefined) check(`config.${key}`, value);
  }
  requireNoContradiction(config);
}

/** Nobody's token is looked at on a public route. */
function requireNoContradiction(config: { readonly public?: unknown }): void {
  const asked = Object.keys(CHECKS).find((key) => key !== 'public' && Reflect.get(config, key) !== undefined);
  if (config.public && asked)
    throw new TypeError(
      `config.public: a public route asks for nothing, and config.${asked} asks for something.`,
    );
}

/** Without what is easily mistaken in a name. */
const plain = (name: string) => name.toLowerCase().replace(/s$/, '');

/** @throws TypeError for no scope at all, and for a text that no challenge can carry (RFC 6750 §3) */
export function checkScope(name: string, scope: unknown): void {
  requireChallengeTexts(name, typeof scope === 'string' ? [scope] : scope, 'a scope or a list of scopes');
}

/** @throws TypeError unless it is a list of details, each with a type (RFC 9396 §2) */
export function checkDetails(name: string, details: unknown): void {
  const isDetail = (detail: unknown) => typeof (detail as { type?: unknown } | null)?.type === 'string';
  if (!Array.isArray(details) || details.length === 0 || !details.every(isDetail))
    throw invalid(name, 'a list of one or more objects with a "type"', details);
}

const STEP_UP: readonly string[] = ['acr', 'maxAgeSeconds'] satisfies (keyof StepUp)[];

/** @throws TypeError for what any sign-in would satisfy, or none */
export function checkStepUp(name: string, stepUp: unknown): void {
  const isObject = typeof stepUp === 'object' && stepUp !== null && !Array.isArray(stepUp);
  const { acr, maxAgeSeconds }: { acr?: unknown; maxAgeSeconds?: unknown } = isObject ? stepUp : {};
  if (acr === undefined && maxAgeSeconds === undefined)
    throw invalid(name, 'an object with acr, maxAgeSeconds or both', stepUp);
  const unknown = Object.keys(stepUp as object).find((key) => !STEP_UP.includes(key));
  if (unknown) throw new TypeError(`${name}.${unknown}: expected one of ${STEP_UP.join(', ')}.`);
  if (acr !== undefined) requireChallengeTexts(`${name}.acr`, acr, 'a list of one or more texts');
  const isAge = Number.isFinite(maxAgeSeconds) && (maxAgeSeconds as number) >= 0;
  if (maxAgeSeconds !== undefined && !isAge)
    throw invalid(`${name}.maxAgeSeconds`, 'a number of seconds, 0 or more', maxAgeSeconds);
}

function checkPublic(name: string, value: unknown): void {
  if (typeof value !== 'boolean') throw invalid(name, 'true or false', value);
}

function requireChallengeTexts(name: string, texts: unknown, expected: string): void {
  if (!Array.isArray(texts) || texts.length === 0) throw invalid(name, expected, texts);
  const isGood = (text: unknown) => typeof text === 'string' && isChallengeText(text);
  const wrong = texts.filter((text) => !isGood(text));
  if (wrong.length > 0)
    throw new TypeError(
      `${name}: ${JSON.stringify(wrong[0])} cannot be asked for: scopes and acr values are printable ASCII without quotes and backslashes.`,
    );
}

const invalid = (name: string, expected: string, value: unknown) =>
  new TypeError(`${name}: expected ${expected}, got ${JSON.stringify(value) ?? 'nothing'}.`);
