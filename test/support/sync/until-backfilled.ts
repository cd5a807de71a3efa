import type { Event } from '../api-types';
import { everyEventOf } from '../event/mailbox-log';
import { ofType } from '../event/of-type';
import { eventually } from '../eventually';
import type { TestApp } from '../test-app';

/** The log of a mailbox, once so many backfills have ended in it. */
export function untilBackfilled(app: TestApp, { id }: { id: string }, times = 1): Promise<Event[]> {
  return eventually(() => everyEventOf(app, id), {
    until: (all) => ofType(all, 'mailbox.backfilled').length === times,
    timeout: 60_000,
  });
}
