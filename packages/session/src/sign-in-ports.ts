import { AuthError } from './errors.ts';
import { keepSession } from './session-keeping.ts';
import type { SessionParts } from './session-parts.ts';
import type { SignInPorts } from './sign-in.ts';
import { isSameUser } from './user.ts';
import { describeShortSession } from './warnings.ts';

/**
 * What a sign-in of this session stands on, and what becomes of its result.
 * @param signal aborts at sign-out
 */
export function buildSignInPorts(parts: SessionParts, signal: AbortSignal): SignInPorts {
  const { settings, discover, redirect, browser, clock, serverClock, hooks, dpop, requests } = parts;
  const { holder, keeper, tokens, revocations, ages, lock, warnings, confirmAccountChange } = parts;
  return {
    ...{ settings, discover, redirect, browser, clock, serverClock, hooks, dpop, requests },
    async accepts(user, isSilent) {
      if (isSilent && !((await parts.expectsSilently?.(user)) ?? true)) throw notExpected();
      const { user: before } = { user: undefined, ...holder.settled };
      if (!before || isSameUser(before, user)) return true;
      return (await confirmAccountChange?.(user, before)) ?? true;
    },
    async keep(attempt, result) {
      tokens.forget();
      const onKept = () => attempt.succeed(result.user);
      await keepSession(result, { settings, keeper, ages, lock, attempt, signal, onKept });
      await revocations.drop();
      warnings.set('no-refresh-token', describeShortSession(result.tokens, clock.now()));
    },
    async revoke(_server, { tokens: unwanted, user }) {
      if (keeper.current && isSameUser(keeper.current.user, user)) return;
      await revocations.revoke(unwanted.refreshToken ?? unwanted.accessToken);
    },
  };
}

function notExpected(): AuthError {
  return new AuthError(
    'AUTH_SUBJECT_CHANGED',
    'The silent sign-in did not bring the person who was signed in here.',
  );
}
