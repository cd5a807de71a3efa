import { describeError } from '../../common/describe-error';

/** What OpenSSL and Node.js report, as a sentence that names the remedy. */
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
  ERR_SSL_WRONG_VERSION_NUMBER: 'the receiver does not speak TLS on this port: use http://, or its TLS port',
  ERR_SSL_PACKET_LENGTH_TOO_LONG:
    'the receiver does not speak TLS on this port: use http://, or its TLS port',
  ERR_SSL_HTTP_REQUEST: 'the receiver does not speak TLS on this port: use http://, or its TLS port',
  ERR_SSL_UNSUPPORTED_PROTOCOL: 'the receiver speaks only TLS versions before 1.2: update it',
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: 'the receiver refuses TLS 1.2 and 1.3: update it',
  ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE:
    'the receiver and Inboxwire have no TLS cipher in common, or it asks for a client certificate, which Inboxwire does not send',
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED:
    'the receiver asks for a client certificate, which Inboxwire does not send: identify Inboxwire by its signature instead',
  ERR_SSL_TLSV1_UNRECOGNIZED_NAME: 'the receiver has no certificate for this host: check the host of the URL',
  ERR_SSL_TLSV1_ALERT_UNRECOGNIZED_NAME:
    'the receiver has no certificate for this host: check the host of the URL',
  ECONNRESET:
    'the receiver closed the connection without an answer: see its log, and that of the proxy in front of it',
  EPIPE:
    'the receiver closed the connection without an answer: see its log, and that of the proxy in front of it',
  HPE_HEADER_OVERFLOW: 'the headers of the answer are larger than 256 KB',
};

/** A connection that failed, in one line. Trying several addresses gives an error of several, without a message. */
export function describeConnectionFault(error: unknown): string {
  if (error instanceof AggregateError && !error.message && error.errors.length > 0)
    return describeConnectionFault(error.errors[0]);
  const code = (error as { code?: unknown } | undefined)?.code;
  if (typeof code !== 'string') return describeError(error);
  const remedy = REMEDIES[code];
  if (remedy) return `${remedy} (${code})`;
  if (code === 'EPROTO' || code.startsWith('ERR_SSL_'))
    return `the TLS connection failed: check the TLS settings of the receiver (${code})`;
  if (code.startsWith('HPE_'))
    return `the answer is no HTTP: check that the URL leads to a web server (${code})`;
  return describeError(error);
}
