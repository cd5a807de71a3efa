import { Injectable, type PipeTransform } from '@nestjs/common';
import { isId } from '../common/id';
import { MailboxNotFoundError } from './mailbox.errors';

/** What does not have the form of a mailbox id names no mailbox; the database is not asked. */
@Injectable()
export class MailboxIdPipe implements PipeTransform<string, string> {
  transform(id: string): string {
    if (!isId('mbx', id)) throw new MailboxNotFoundError(id);
    return id;
  }
}
