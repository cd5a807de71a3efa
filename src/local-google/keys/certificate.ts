import { sign, type KeyObject } from 'node:crypto';
import {
  bitString,
  explicit,
  integer,
  nothing,
  objectIdentifier,
  sequence,
  set,
  utcTime,
  utf8String,
} from './der';

const SHA256_WITH_RSA = sequence(objectIdentifier('1.2.840.113549.1.1.11'), nothing());
const COMMON_NAME = objectIdentifier('2.5.4.3');
const DAY_MS = 86_400_000;

/** A self-signed X.509 certificate (RFC 5280) in PEM, as `/oauth2/v1/certs` publishes them. */
export function selfSignedCertificate(publicKey: KeyObject, privateKey: KeyObject, serial: Buffer): string {
  const name = sequence(
    set(sequence(COMMON_NAME, utf8String('federated-signon.system.gserviceaccount.com'))),
  );
  const now = Date.now();
  const content = sequence(
    explicit(0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), serial])),
    SHA256_WITH_RSA,
    name,
    sequence(utcTime(new Date(now - DAY_MS)), utcTime(new Date(now + 16 * DAY_MS))),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
  );
  const signature = sign('sha256', content, privateKey);
  return pem(sequence(content, SHA256_WITH_RSA, bitString(signature)));
}

function pem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
