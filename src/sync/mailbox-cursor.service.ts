import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { SyncView } from './sync.types';

/** What other modules may do with a mailbox's cursor. */
@Injectable()
export class MailboxCursorService {
  /** Makes the mailbox due for a sync now; a wait that Google asked for is not shortened. */
  requestSync(_mailboxId: string): Promise<void> {
    throw new Error('not written yet');
  }

  /** Connected (again): makes sure that there is a cursor row and that what was missed is read. Within the caller's transaction. */
  resume(_manager: EntityManager, _mailboxId: string): Promise<void> {
    throw new Error('not written yet');
  }

  /** Nothing is read any more until `resume`. Within the caller's transaction. */
  pause(_manager: EntityManager, _mailboxId: string): Promise<void> {
    throw new Error('not written yet');
  }

  /** Disconnected: the place in the history is given up; the next watch sets a new one. */
  forget(_manager: EntityManager, _mailboxId: string): Promise<void> {
    throw new Error('not written yet');
  }

  views(_mailboxIds: string[]): Promise<Map<string, SyncView>> {
    throw new Error('not written yet');
  }
}
