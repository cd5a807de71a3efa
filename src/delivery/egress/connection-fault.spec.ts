import { describeConnectionFault } from './connection-fault';

const failed = (
  code: string,
  message = '00A8:error:0A00010B:SSL routines:ssl3_get_record:x:../deps/openssl',
) => Object.assign(new Error(message), { code });

describe(describeConnectionFault, () => {
  it('reports the first of several addresses that failed', () => {
    const error = new AggregateError([new Error('connect ECONNREFUSED ::1:80'), new Error('another')]);
    expect(describeConnectionFault(error)).toBe('connect ECONNREFUSED ::1:80');
  });

  it.each([
    ['DEPTH_ZERO_SELF_SIGNED_CERT', /self-signed.*NODE_EXTRA_CA_CERTS/],
    ['CERT_HAS_EXPIRED', /expired: renew it/],
    ['ERR_TLS_CERT_ALTNAME_INVALID', /other names than the host/],
    ['ERR_SSL_WRONG_VERSION_NUMBER', /does not speak TLS on this port/],
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', /asks for a client certificate/],
    ['ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE', /no certificate for this host, as Cloudflare/],
    ['ERR_SSL_SOMETHING_ELSE', /check the TLS settings/],
    ['EPROTO', /check the TLS settings/],
    ['HPE_INVALID_CONSTANT', /is no HTTP/],
    ['ECONNRESET', /closed the connection without an answer: see its log/],
    ['EPIPE', /closed the connection without an answer: see its log/],
  ])('names the remedy for %s, and not OpenSSL', (code, sentence) => {
    expect(describeConnectionFault(failed(code))).toMatch(sentence);
    expect(describeConnectionFault(failed(code))).not.toMatch(/openssl|SSL routines/);
  });

  it('reports what it does not know as it is', () => {
    expect(describeConnectionFault(failed('ECONNREFUSED', 'connect ECONNREFUSED 127.0.0.1:1'))).toBe(
      'connect ECONNREFUSED 127.0.0.1:1',
    );
  });
});
