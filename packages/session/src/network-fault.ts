/** Where on the way a request failed that got no answer: what a support desk asks first. */
export type NetworkFault = 'proxy' | 'tls' | 'dns' | 'timeout' | 'connection';

/** By the codes of Node, undici and openid-client, and by the texts of Chromium, which has no codes. */
const FAULTS: readonly (readonly [NetworkFault, RegExp])[] = [
  ['proxy', /^ERR_PROXY|net::ERR_(PROXY|TUNNEL|MANDATORY_PROXY|NO_SUPPORTED_PROXIES)/],
  ['tls', /^(CERT_|UNABLE_TO_|(DEPTH_ZERO_)?SELF_SIGNED|ERR_TLS|ERR_SSL|EPROTO)|net::ERR_(CERT|SSL)/],
  ['dns', /^(ENOTFOUND|EAI_)|net::ERR_(NAME|DNS)/],
  ['timeout', /TIMEOUT|TIMEDOUT|TIMED_OUT|^TimeoutError/],
];

/** Tells the kind of a fault. */
export function kindOfNetworkFault({
  code = '',
  message = '',
}: {
  readonly code?: unknown;
  readonly message?: unknown;
}): NetworkFault {
  const [kind] = FAULTS.find(([, pattern]) => pattern.test(`${code || message}`)) ?? [];
  return kind ?? 'connection';
}
