import http from 'node:http';

/** Proxies do not lead back to this machine. */
const NO_PROXY = 'localhost,127.0.0.1,[::1]';

/**
 * Sends every request of this process through a proxy: the one of the settings, or the one that HTTPS_PROXY names.
 * Certificates of a company's proxy are trusted through NODE_EXTRA_CA_CERTS.
 * @throws Error where this Node cannot
 */
export function useProxy(proxy: string | undefined): void {
  const { HTTPS_PROXY, https_proxy = HTTPS_PROXY, NO_PROXY: no_proxy = NO_PROXY } = process.env;
  if (!proxy && !https_proxy) return;
  if (!http.setGlobalProxyFromEnv)
    throw new Error(`A proxy is set, and Node ${process.version} knows none. Use Node 24.14 or later.`);
  http.setGlobalProxyFromEnv(
    proxy ? { http_proxy: proxy, https_proxy: proxy, no_proxy } : { no_proxy, ...process.env },
  );
}
