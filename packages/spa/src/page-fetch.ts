/**
 * `fetch` with a reason. A browser gives the same words for a server that is down and for one whose answers this
 * page may not read, so that both have to be named.
 */
export function pageFetch(origin: string, base: typeof fetch = (...call) => fetch(...call)): typeof fetch {
  return async (input, init) => {
    try {
      return await base(input, init);
    } catch (error) {
      const { origin: target } = new URL(input instanceof Request ? input.url : input, origin);
      if (!(error instanceof TypeError) || target === origin) throw error;
      throw new TypeError(`no answer, or one that pages of ${origin} may not read (CORS)`);
    }
  };
}
