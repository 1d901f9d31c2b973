import { hash } from 'node:crypto';

/** A connection that may have shown a certificate of the client: a TLSSocket of Node is one. */
export interface Peer {
  /** What `tls.TLSSocket.getPeerCertificate` returns; `raw` is the certificate in DER. */
  getPeerCertificate?(): { readonly raw?: Uint8Array } | null;
}

/**
 * The thumbprint of the certificate behind a connection, as tokens name it. That the client holds its key was shown in
 * the TLS handshake; who signed it does not matter here.
 * @returns undefined where the client showed none
 * @see RFC 8705 §3.1
 */
export function thumbprintOf(peer: Peer | undefined): string | undefined {
  const raw = peer?.getPeerCertificate?.()?.raw;
  return raw && hash('sha256', raw, 'base64url');
}
