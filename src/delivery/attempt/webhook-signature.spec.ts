import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { signatureHeaders } from './webhook-signature';

const SECRETS = ['whsec_bmV3LW5ldy1uZXctbmV3LW5ldy1uZXc=', 'whsec_b2xkLW9sZC1vbGQtb2xkLW9sZC1vbGQ='];
const BODY = JSON.stringify({ id: 'evt_1', data: { subject: 'Grüße 👋' } });

describe(signatureHeaders, () => {
  it('verifies with each of the secrets', () => {
    const headers = signatureHeaders('evt_1', BODY, SECRETS, new Date());
    for (const secret of SECRETS) expect(new Webhook(secret).verify(BODY, headers)).toEqual(JSON.parse(BODY));
  });

  it('is an HMAC of id, seconds and body, the newest secret first', () => {
    const at = new Date('2026-01-01T00:00:00.999Z');
    const headers = signatureHeaders('evt_1', BODY, SECRETS, at);
    expect(headers['webhook-timestamp']).toBe('1767225600');
    const key = Buffer.from(SECRETS[0]!.slice('whsec_'.length), 'base64');
    const expected = createHmac('sha256', key).update(`evt_1.1767225600.${BODY}`).digest('base64');
    expect(headers['webhook-signature'].split(' ')).toHaveLength(2);
    expect(headers['webhook-signature'].split(' ')[0]).toBe(`v1,${expected}`);
  });

  it('does not verify with another secret or body', () => {
    const headers = signatureHeaders('evt_1', BODY, SECRETS.slice(0, 1), new Date());
    expect(() => new Webhook(SECRETS[1]!).verify(BODY, headers)).toThrow();
    expect(() => new Webhook(SECRETS[0]!).verify(`${BODY} `, headers)).toThrow();
  });
});
