import type { Event } from '../api-types';
import { checkAddresses } from './check-addresses';

const event = (emailAddress: string) =>
  ({ id: 'evt_1', type: 'message.added', mailbox: { emailAddress } }) as Event;
const change = (previousEmailAddress: string, emailAddress: string) =>
  ({
    id: 'evt_2',
    type: 'mailbox.address_changed',
    mailbox: { emailAddress },
    data: { previousEmailAddress, emailAddress },
  }) as Event;

describe(checkAddresses.name, () => {
  it.each<[string, Event[], string[]]>([
    ['a mailbox that was never renamed', [event('a')], ['a']],
    ['a rename', [event('a'), change('a', 'b'), event('b')], ['a', 'b']],
    ['a rename that did not last', [change('a', 'c')], ['a', 'b', 'c']],
    ['a rename that was taken back before it was noticed', [event('a')], ['a', 'b', 'a']],
    ['one that was noticed and taken back', [change('a', 'b'), change('b', 'a')], ['a', 'b', 'a']],
  ])('accepts %s', (_, log, addresses) => {
    expect(checkAddresses(log, addresses)).toBeUndefined();
  });

  it.each<[string, Event[], string[], RegExp]>([
    ['a rename that is not reported', [event('a')], ['a', 'b'], /ends with a, and it is b/],
    ['a rename that is reported twice', [change('a', 'b'), change('a', 'b')], ['a', 'b'], /it was b/],
    ['an address of another account', [change('a', 'x')], ['a', 'b'], /reports x/],
    [
      'an address that comes back too late',
      [change('a', 'c'), change('c', 'b')],
      ['a', 'b', 'c'],
      /reports b/,
    ],
    ['an event under the address before', [change('a', 'b'), event('a')], ['a', 'b'], /carries a/],
  ])('finds %s', (_, log, addresses, fault) => {
    expect(checkAddresses(log, addresses)).toMatch(fault);
  });
});
