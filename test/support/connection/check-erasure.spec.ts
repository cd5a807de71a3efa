import type { Event } from '../api-types';
import { checkErasure } from './check-erasure';

const AT = '2026-11-30T08:00:00.000Z';
const event = (sequence: number, type = 'message.added', data: object = { erased: true }, address = null) =>
  ({
    ...{ id: `evt_${sequence}`, type, sequence, data, occurredAt: AT },
    mailbox: { id: 'mbx_1', emailAddress: address, externalId: null },
  }) as unknown as Event;
const end = (sequence: number) => event(sequence, 'mailbox.erased');
const BEFORE = Date.parse(AT) - 1;

describe(checkErasure.name, () => {
  it('accepts a log of which nothing can be read', () => {
    expect(checkErasure([event(1), event(2), end(3)], BEFORE)).toBeUndefined();
  });

  it.each<[string, Event[], number, RegExp]>([
    ['what can be read', [event(1, 'message.added', { messageId: 'm1' }), end(2)], BEFORE, /still says .*m1/],
    ['an address', [event(1, 'message.added', { erased: true }, 'a@b.c' as never), end(2)], BEFORE, /still/],
    ['a hole', [event(1), end(3)], BEFORE, /a hole before evt_3/],
    ['no end', [event(1)], BEFORE, /reported 0 times/],
    ['two ends', [end(1), end(2)], BEFORE, /reported 2 times/],
    ['what comes after the end', [end(1), event(2)], BEFORE, /comes after mailbox.erased/],
    ['what is delivered too late', [end(1)], Date.parse(AT) + 5, /5 ms after it was erased/],
  ])('finds %s', (_, log, lastContentAt, fault) => {
    expect(checkErasure(log, lastContentAt)).toMatch(fault);
  });
});
