import { Injectable, type Logger } from '@nestjs/common';
import type { HintOutcome } from './cursor/hint.store';
import { type HintOrigin, HintService } from './hint.service';
import { readNotification } from './notification';

/** What became of a notification that was committed, or could never be used. */
export type NotificationOutcome = HintOutcome | 'unreadable';

/** Takes the data of a Pub/Sub message, however it came here, for a hint. */
@Injectable()
export class NotificationService {
  constructor(private readonly hints: HintService) {}

  /**
   * Returns once the hint is committed, or when there is none in it: either way the message has done its work.
   *
   * @param logger of whoever received it
   * @throws what `HintService.record` throws: the message has to come again
   */
  async record(data: Buffer, origin: HintOrigin, logger: Logger): Promise<NotificationOutcome> {
    const { messageId } = origin;
    const hint = readNotification(data);
    if (!hint) {
      logger.warn({ notificationId: messageId, outcome: 'unreadable' }, 'push');
      return 'unreadable';
    }
    const outcome = await this.hints.record(hint, origin);
    const level = outcome === 'unknown_mailbox' ? 'warn' : 'debug';
    logger[level]({ notificationId: messageId, outcome, historyId: hint.historyId.toString() }, 'push');
    return outcome;
  }
}
