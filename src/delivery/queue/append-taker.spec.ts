import type { InboxwireEvent } from '../../event/event.types';
import type { DeliveryTarget } from '../endpoint/delivery-target';
import { AppendTaker } from './append-taker';
import type { ClaimedCursor } from './delivery-cursor.store';
import type { DeliveryLoop } from './delivery-loop';

const target = (endpointId: string, fields: Partial<DeliveryTarget> = {}): DeliveryTarget => ({
  endpointId,
  url: 'https://receiver.example/',
  eventTypes: [],
  ordering: 'mailbox',
  revision: 1,
  failingFor: null,
  secrets: [],
  headers: null,
  filter: null,
  rateLimit: null,
  claimedAt: 0,
  ...fields,
});

const event = (sequence: number, type: InboxwireEvent['type'] = 'message.added') =>
  ({ id: `evt_${sequence}`, type, sequence }) as InboxwireEvent;

describe('what is taken over at an append', () => {
  let now: number;
  let full: Set<string>;
  let begun: ClaimedCursor[];
  let released: string[];
  let taker: AppendTaker;
  beforeEach(() => {
    [now, full, begun, released] = [0, new Set(), [], []];
    const loop = {
      reserve: (ids: string[]) => ids.filter((id) => !full.has(id)),
      takeOver: (ids: string[], claims: ClaimedCursor[]) => {
        released.push(...ids);
        begun.push(...claims);
      },
    };
    taker = new AppendTaker(loop as unknown as DeliveryLoop<ClaimedCursor>, () => now);
  });
  const remember = (...targets: DeliveryTarget[]) =>
    taker.remember(targets.map((one) => ({ target: one }) as ClaimedCursor));
  const offered = () => taker.offer()?.endpoints.map(({ endpointId }) => endpointId);

  it('is nothing of an endpoint with a rate limit, which takes a permit for each attempt', () => {
    remember(target('end_1', { rateLimit: 5 }), target('end_2'));
    expect(offered()).toEqual(['end_2']);
  });

  it('are events for endpoints that a claim has read lately, which do well, and have a place', () => {
    expect(offered()).toBeUndefined();
    remember(target('one'), target('failing', { failingFor: 5 }), target('full'));
    full.add('full');
    expect(offered()).toEqual(['one']);
    now += 4_999;
    expect(offered()).toEqual(['one']);
    now += 1;
    expect(offered()).toBeUndefined();
  });

  it('is nothing when an append would have to name too many endpoints', () => {
    remember(...Array.from({ length: 16 }, (_, n) => target(`${n}`)));
    expect(offered()).toHaveLength(16);
    remember(target('one more'));
    expect(offered()).toBeUndefined();
  });

  it('are the events that each endpoint subscribes to, and no event is passed over that was there before', () => {
    remember(target('all'), target('some', { eventTypes: ['message.deleted'] }), target('behind'));
    const events = [event(7), event(8, 'message.deleted')];
    const endpoints = [
      { endpointId: 'all', after: 6n },
      { endpointId: 'some', after: 6n },
      { endpointId: 'behind', after: 4n },
    ];
    taker.offer()!.take({ mailboxId: 'mbx_1', events, endpoints });
    expect(
      begun.map(({ target: { endpointId }, sequence, highWatermark, page }) => [
        endpointId,
        sequence,
        highWatermark,
        page?.events.map(({ id }) => id),
      ]),
    ).toEqual([
      ['all', 6n, 8n, ['evt_7', 'evt_8']],
      ['some', 6n, 8n, ['evt_8']],
      ['behind', 4n, 8n, undefined],
    ]);
  });

  it('gives its places back when nothing was taken', () => {
    remember(target('one'), target('two'));
    taker.offer()!.take();
    expect(released).toEqual(['one', 'two']);
    expect(begun).toEqual([]);
  });
});
