import { Injectable } from '@nestjs/common';
import type { NewEvent } from '../../event/event.types';
import type { ReadingRun } from '../cursor/sync.types';
import type { MessageChange } from '../history/history-to-changes';
import { MessageEventService } from '../history/message-event.service';
import { PoisonMessageDetector } from '../history/poison-message-detector';
import type { ReadMessage } from '../history/read-message';

/** Events for messages that were found by their time: where a gap has no snapshot, and in a backfill. */
@Injectable()
export class FoundMessageService {
  constructor(
    private readonly messages: MessageEventService,
    private readonly poison: PoisonMessageDetector,
  ) {}

  /**
   * Reads the messages, and makes a `message.added` of each that passes the filter, oldest first.
   *
   * @param listedAt where history was before the list that they are from
   * @param isWanted which of them
   */
  async read(
    run: ReadingRun,
    listedAt: bigint,
    ids: string[],
    isWanted?: (message: ReadMessage) => boolean,
  ): Promise<NewEvent[]> {
    const read = () => this.messages.toBackfill(run, listedAt, ids, isWanted);
    return (await this.poison.read(run, ids, read)) ?? this.unprocessable(ids);
  }

  /** All that is known of messages that cannot be read. */
  private unprocessable(ids: string[]): NewEvent[] {
    const changes = ids.map((messageId): MessageChange => ({
      ...{ type: 'message.added', messageId, threadId: null, historyId: '0' },
      ...{ labelIds: null, changedLabelIds: [] },
    }));
    return this.messages.toRepaired(changes, null);
  }
}
