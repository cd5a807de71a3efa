import { Injectable } from '@nestjs/common';
import { Batcher } from '../../background/batcher';
import type { EventFilter } from '../event.types';
import { EventPageStore, type EventRows } from '../log/event-page.store';
import type { LogPosition } from '../log/log-position';

/** What a reader that catches up holds at most, and how many read at once: the pool serves others too. */
const PAGE = { events: 100, bytes: 64 * 1024 };
const MAX_CATCH_UPS_AT_ONCE = 4;

/** Reads the log from the database for those who are behind what is in memory. */
@Injectable()
export class CatchUpService {
  private readonly reads = new Batcher<{ position: LogPosition; filter: EventFilter }, EventRows>(
    async ([wanted]) => [await this.pages.after(wanted!.position, wanted!.filter, PAGE)],
    { lanes: MAX_CATCH_UPS_AT_ONCE, maxItems: 1 },
  );

  constructor(private readonly pages: EventPageStore) {}

  /** A bounded page of what the filter lets through, or how far it let nothing through. @throws CursorExpiredError */
  page(position: LogPosition, filter: EventFilter): Promise<EventRows> {
    return this.reads.add({ position, filter });
  }
}
