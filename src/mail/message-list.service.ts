import { Injectable } from '@nestjs/common';
import { InvalidValueError } from '../common/inboxwire.error';
import { GmailApiClient } from '../gmail/client/gmail-api.client';
import { GmailApiError } from '../gmail/gmail.errors';
import { MailAccessService } from './mail-access.service';
import { InsufficientScopeError } from './mail.errors';
import type { ListMessagesQuery, MessagePageDto } from './message-list.dto';

/** Lists and searches mail for the application, by Gmail itself: a page of ids for 5 units. */
@Injectable()
export class MessageListService {
  constructor(
    private readonly access: MailAccessService,
    private readonly gmail: GmailApiClient,
  ) {}

  /** @throws InvalidValueError, and what MailAccessService throws */
  list(mailboxId: string, query: ListMessagesQuery, signal: AbortSignal): Promise<MessagePageDto> {
    const { q, labelIds, limit, cursor } = query;
    const wanted = { kind: 'messages', id: mailboxId } as const;
    return this.access.read({ mailboxId, wanted, signal, need: 'search' }, async ({ caller, content }) => {
      if (q && !content) throw new InsufficientScopeError('search');
      const asked = {
        ...(q && { q }),
        ...(labelIds && { labelIds }),
        ...(cursor !== undefined && { pageToken: cursor }),
      };
      const page = await this.gmail
        .list(caller, { ...asked, maxResults: limit, includeSpamTrash: false })
        .catch((error: unknown) => {
          throw explain(error, cursor);
        });
      return {
        data: page.messages.map(({ id, threadId = null }) => ({ id, threadId })),
        nextCursor: page.nextPageToken ?? null,
      };
    });
  }
}

/** What Gmail refuses of a list is a label or the place to go on at: it takes any search. */
function explain(error: unknown, cursor: string | undefined): unknown {
  if (!(error instanceof GmailApiError)) return error;
  if (error.code === 'label_invalid')
    return new InvalidValueError(
      'labelIds',
      'the mailbox has no label with one of these ids: see GET …/labels',
    );
  if (error.code === 'gmail_refused' && error.details.status === 400 && cursor !== undefined)
    return new InvalidValueError('cursor', 'must be the nextCursor of an earlier page of the same list');
  return error;
}
