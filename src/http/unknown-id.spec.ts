import { unknownId } from './unknown-id';

const named = (count: number) =>
  Array.from({ length: count }, (_, n) => ({ id: `mbx_${n}`, name: `${n}@example.com` }));
const fault = (text: string, count: number) =>
  unknownId(text, { kind: 'mailbox', list: '/v1/mailboxes', existing: named(count) });

describe(unknownId, () => {
  it('names those that there are while they are few', () => {
    expect(fault('ada', 2)).toBe(
      'there is no mailbox ada: there is mbx_0 (0@example.com), mbx_1 (1@example.com)',
    );
    expect(fault('mbx_x', 3)).toContain('mbx_2 (2@example.com)');
  });

  it('says what ids look like, and where they are listed, when there are many', () => {
    expect(fault('ada', 4)).toBe(
      'there is no mailbox ada: ids look like mbx_01h455vb4pex5vsknk084sn02q, and GET /v1/mailboxes lists those that there are',
    );
  });

  it('says that there is none yet', () => {
    expect(fault('', 0)).toBe('there is no mailbox "": there is none yet');
  });

  it('notices the id of something else', () => {
    expect(fault('end_01h4563v8wfz1sbn4x7d9m5k3p', 4)).toMatch(
      /^end_01h4563v8wfz1sbn4x7d9m5k3p is the id of an endpoint, not of a mailbox: ids look like mbx_/,
    );
  });
});
