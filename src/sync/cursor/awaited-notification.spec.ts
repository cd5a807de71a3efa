import type { NewEvent } from '../../event/event.types';
import { announcedBy, readAwaited } from './awaited-notification';

describe(announcedBy.name, () => {
  const awaited = ['20 5000 second', '10 4000 first'].map((text) => readAwaited(text, 6_000));
  const event = (historyId?: string): NewEvent => ({ type: 'message.deleted', data: { historyId } });
  const announcers = (...events: NewEvent[]) =>
    announcedBy(events, awaited).map(({ notification }) => notification?.messageId);

  it('takes the first notification that reaches the record', () => {
    expect(announcers(event('9'), event('10'), event('11'), event('20'))).toEqual([
      'first',
      'first',
      'second',
      'second',
    ]);
  });

  it('names none for what no notification has announced, and none without a record', () => {
    expect(announcers(event('21'), event())).toEqual([undefined, undefined]);
    expect(announcedBy([event('5')], [])).toEqual([event('5')]);
  });
});
