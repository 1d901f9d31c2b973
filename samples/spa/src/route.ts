import { useEffect, useState } from 'preact/hooks';

/** Where in the app the person is. It is kept in the address, so that a sign-in in between does not lose it. */
export type Route = { readonly view: 'companies' } | { readonly view: 'company'; readonly id: string };

export function parseRoute(hash: string): Route {
  const id = /^#\/companies\/([\w-]+)$/.exec(hash)?.[1];
  return id === undefined ? { view: 'companies' } : { view: 'company', id };
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
