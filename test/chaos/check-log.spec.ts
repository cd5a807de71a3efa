import type { Event } from '../support/api-types';
import type { EventOf } from '../support/event/of-type';
import type { ReportedChange } from '../support/sync/truth';
import { checkLog } from './check-log';

const TRUTH: ReportedChange[] = ['1', '2', '3'].map((historyId) => ({
  type: 'message.added',
  messageId: `m${historyId}`,
  threadId: 't',
  historyId,
  labelIds: ['INBOX'],
}));
const FAULTLESS = { lost: 0, doubled: 0, outOfOrder: 0, holes: 0, example: undefined };

/** A log with the events in this order, numbered as it should be, after the one that reports the connection. */
function logOf(...order: number[]): Event[] {
  const events = order.map((i) => {
    const { type, ...data } = TRUTH[i]!;
    return { type, data: { ...data, message: { snippet: 'Hello' } } };
  });
  const connected = { type: 'mailbox.connected', data: {} };
  return [connected, ...events].map((event, i) => ({ ...event, sequence: i + 1 }) as Event);
}

describe(checkLog.name, () => {
  it('finds nothing wrong with a log that reports the truth', () => {
    expect(checkLog(logOf(0, 1, 2), TRUTH)).toEqual(FAULTLESS);
  });

  it('finds what is lost', () => {
    expect(checkLog(logOf(0, 2), TRUTH)).toMatchObject({ lost: 1, doubled: 0, outOfOrder: 0, holes: 0 });
  });

  it('finds what is reported twice', () => {
    expect(checkLog(logOf(0, 1, 1, 2), TRUTH)).toMatchObject({ lost: 0, doubled: 1 });
  });

  it('finds what has changed places', () => {
    expect(checkLog(logOf(1, 0, 2), TRUTH)).toMatchObject({ lost: 0, doubled: 0, outOfOrder: 2 });
  });

  it('finds holes and repetitions in the sequence', () => {
    const log = logOf(0, 1, 2);
    expect(checkLog([...log.slice(0, 3), { ...log[3], sequence: 5 } as Event], TRUTH)).toMatchObject({
      holes: 1,
    });
    expect(checkLog([...log.slice(0, 3), { ...log[3], sequence: 3 } as Event], TRUTH)).toMatchObject({
      holes: 1,
    });
  });

  it('treats wrong labels as a change that is lost, and another that never happened', () => {
    const log = logOf(0, 1, 2);
    (log[1] as EventOf<'message.added'>).data.labelIds = [];
    expect(checkLog(log, TRUTH)).toMatchObject({ lost: 1, doubled: 1 });
  });
});
