import * as client from 'openid-client';
import type { AuthorizationServer } from './discovery.ts';

/**
 * Looks at the answers of one endpoint on their way to the library.
 * @returns a copy of the last one, if there was one since the last request
 */
export function watchEndpoint(
  server: AuthorizationServer,
  endpoint: string | undefined,
): () => Response | undefined {
  const { href } = new URL(endpoint ?? 'none:');
  const base = server[client.customFetch] ?? (fetch as client.CustomFetch);
  let last: Response | undefined;
  server[client.customFetch] = async (address, options) => {
    if (address !== href) return base(address, options);
    last = undefined;
    const response = await base(address, options);
    last = response.clone();
    return response;
  };
  return () => last?.clone();
}
