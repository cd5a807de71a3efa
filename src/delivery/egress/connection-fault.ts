import { describeError } from '../../common/describe-error';

/** What Node.js reports, as a sentence that names the remedy. */
const REMEDIES: Record<string, string> = {
  DEPTH_ZERO_SELF_SIGNED_CERT:
    'the certificate is self-signed: use one of a public authority, or give the authority to Inboxwire with NODE_EXTRA_CA_CERTS',
  SELF_SIGNED_CERT_IN_CHAIN:
    'the certificate comes from an authority that is not trusted here: give the authority to Inboxwire with NODE_EXTRA_CA_CERTS',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    'the receiver does not send its intermediate certificate: let it serve the full chain',
  UNABLE_TO_GET_ISSUER_CERT:
    'the receiver does not send all of its intermediate certificates: let it serve the full chain',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    'the certificate comes from an authority that is not known here: let the receiver serve the full chain, or give the authority to Inboxwire with NODE_EXTRA_CA_CERTS',
  CERT_HAS_EXPIRED: 'the certificate has expired: renew it',
  CERT_NOT_YET_VALID: 'the certificate is not valid yet: check the clock of this machine and the certificate',
  CERT_REVOKED: 'the certificate was revoked: get a new one',
  ERR_TLS_CERT_ALTNAME_INVALID:
    'the certificate is for other names than the host of the URL: correct the URL, or get a certificate for this host',
  ECONNRESET:
    'the receiver closed the connection without an answer: see its log, and that of the proxy in front of it',
  EPIPE:
    'the receiver closed the connection without an answer: see its log, and that of the proxy in front of it',
  HPE_HEADER_OVERFLOW: 'the headers of the answer are larger than 256 KB',
};

const NO_TLS = 'the receiver does not speak TLS on this port: use http://, or its TLS port';

/** What OpenSSL reports: faults that it finds, and alerts that the receiver sends, without the version before them. */
const TLS_REMEDIES: Record<string, string> = {
  WRONG_VERSION_NUMBER: NO_TLS,
  PACKET_LENGTH_TOO_LONG: NO_TLS,
  HTTP_REQUEST: NO_TLS,
  UNSUPPORTED_PROTOCOL: 'the receiver speaks only TLS versions before 1.2: update it',
  PROTOCOL_VERSION: 'the receiver refuses TLS 1.2 and 1.3: update it',
  HANDSHAKE_FAILURE:
    'the receiver has no certificate for this host, as Cloudflare says it, or no TLS cipher in common with Inboxwire, or it asks for a client certificate, which Inboxwire does not send: check the host of the URL and the TLS settings of the receiver',
  INTERNAL_ERROR:
    'the receiver has no certificate for this host, as Caddy says it, or failed by itself: check the host of the URL, and the log of the receiver',
  UNRECOGNIZED_NAME: 'the receiver has no certificate for this host: check the host of the URL',
  CERTIFICATE_REQUIRED:
    'the receiver asks for a client certificate, which Inboxwire does not send: identify Inboxwire by its signature instead',
  NO_APPLICATION_PROTOCOL: 'the receiver speaks HTTP/2 only: let it speak HTTP/1.1 too',
  UNSAFE_LEGACY_RENEGOTIATION_DISABLED: 'the receiver speaks TLS in an old and unsafe way: update it',
  DH_KEY_TOO_SMALL: 'the receiver uses a key that is too short to be safe: update it',
};

/** A connection that failed, in one line. Trying several addresses gives an error of several, without a message. */
export function describeConnectionFault(error: unknown): string {
  if (error instanceof AggregateError && !error.message && error.errors.length > 0)
    return describeConnectionFault(error.errors[0]);
  const code = (error as { code?: unknown } | undefined)?.code;
  if (typeof code !== 'string') return describeError(error);
  const remedy = REMEDIES[code];
  if (remedy) return `${remedy} (${code})`;
  const reason = tlsReason(error as Error, code);
  if (reason) {
    const what = TLS_REMEDIES[reason] ?? 'the TLS connection failed: check the TLS settings of the receiver';
    return `${what} (${reason})`;
  }
  if (code.startsWith('HPE_'))
    return `the answer is no HTTP: check that the URL leads to a web server (${code})`;
  return describeError(error);
}

/**
 * Node.js makes a code of OpenSSL's reason when it was reading. When the request was being written already, which is nearly
 * always, the reason is in the message alone: `write EPROTO …:error:0A000438:SSL routines:ssl3_read_bytes:tlsv1 alert internal error:…`.
 */
function tlsReason({ message }: Error, code: string): string | undefined {
  const [, ofCode] = /^ERR_SSL_(.+)/.exec(code) ?? [];
  if (ofCode === undefined && code !== 'EPROTO') return undefined;
  const reason = ofCode ?? /:SSL routines:[^:]*:([^:]+)/.exec(message)?.[1] ?? code;
  const name = reason.toUpperCase().replaceAll(/[^A-Z0-9]+/g, '_');
  return name.replace(/^(SSL_TLS|SSLV3|TLSV1|TLSV13)_(ALERT_)?/, '');
}
