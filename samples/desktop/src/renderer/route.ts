import { useEffect, useState } from 'preact/hooks';

/** Where in the app the person is. It is kept in the address, so that a sign-in in between does not lose it. */
export type Route =
  | { readonly view: 'companies'; readonly region?: string }
  | { readonly view: 'company'; readonly id: string };

export function parseRoute(hash: string): Route {
  const [path = '', query] = hash.replace(/^#/, '').split('?');
  const [, view, id] = path.split('/');
  if (view === 'companies' && id) return { view: 'company', id: decode(id) };
  const region = new URLSearchParams(query).get('region');
  return region ? { view: 'companies', region } : { view: 'companies' };
}

export function buildHash(route: Route): string {
  if (route.view === 'company') return `#/companies/${encodeURIComponent(route.id)}`;
  return route.region ? `#/companies?${new URLSearchParams({ region: route.region })}` : '#/companies';
}

export function useRoute(): Route {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const follow = () => setHash(location.hash);
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  return parseRoute(hash);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
