import type { Configuration } from 'oidc-provider';
import type { ResolvedSettings } from './settings.ts';

/** How long everything lives, in seconds. */
export function buildLifetimes(settings: ResolvedSettings): NonNullable<Configuration['ttl']> {
  const { accessTokenSeconds, sessionSeconds, refreshTokenSeconds } = settings;
  return {
    AccessToken: accessTokenSeconds,
    AuthorizationCode: 60,
    DeviceCode: 600,
    IdToken: 3600,
    Interaction: 3600,
    Grant: Math.max(sessionSeconds, refreshTokenSeconds),
    // Neither use nor rotation prolongs these two: a session that never ends could not be rehearsed. @see RFC 10017
    Session: (_ctx, session) => remainingSeconds(session.loginTs, sessionSeconds),
    RefreshToken: (ctx) => ctx.oidc.entities.RotatedRefreshToken?.remainingTTL ?? refreshTokenSeconds,
  };
}

function remainingSeconds(startedAt: number | undefined, lifeSeconds: number): number {
  if (startedAt === undefined) return lifeSeconds;
  return Math.max(1, startedAt + lifeSeconds - Math.floor(Date.now() / 1000));
}
