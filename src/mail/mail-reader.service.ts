import type { Readable } from 'node:stream';
import { Injectable, Logger } from '@nestjs/common';
import { describeError } from '../common/describe-error';
import { NotFoundError } from '../common/inboxwire.error';
import { MessageSettings } from '../config/settings';
import { GmailApiClient } from '../gmail/client/gmail-api.client';
import type { MessageDetail } from '../gmail/gmail.types';
import { MessageBytesClient } from '../gmail/client/message-bytes.client';
import { InsufficientScopeError } from './mail.errors';
import { type LabelView, type MessageView, toLabelView, toMessageView } from './mail-view';
import { type Admitted, MailAccessService, type Reading } from './mail-access.service';

/** Reads mail for the application, straight from Gmail: nothing of it is stored. Every method throws what MailAccessService throws. */
@Injectable()
export class MailReaderService {
  private readonly logger = new Logger(MailReaderService.name);

  constructor(
    private readonly access: MailAccessService,
    private readonly gmail: GmailApiClient,
    private readonly bytes: MessageBytesClient,
    private readonly settings: MessageSettings,
  ) {}

  /** @param format `metadata` leaves the texts out, and under gmail.metadata the attachments too */
  message(
    mailboxId: string,
    id: string,
    format: 'metadata' | 'full',
    signal: AbortSignal,
  ): Promise<MessageView> {
    return this.access.read({ mailboxId, wanted: { kind: 'message', id }, signal }, async (admitted) => {
      const detail = detailOf(format, admitted);
      const message = await this.gmail.message(admitted.caller, id, detail);
      if (!message) throw new NotFoundError('message', id);
      return toMessageView(message, detail === 'bodies', this.settings.headers);
    });
  }

  /** The mail as it was received. */
  raw(mailboxId: string, id: string, signal: AbortSignal): Promise<Readable> {
    const reading: Reading = { mailboxId, wanted: { kind: 'message', id }, signal };
    return this.stream(reading, ({ caller }) => this.bytes.raw(caller, id));
  }

  attachment(mailboxId: string, messageId: string, id: string, signal: AbortSignal): Promise<Readable> {
    const reading: Reading = { mailboxId, wanted: { kind: 'attachment', id }, signal };
    return this.stream(reading, ({ caller }) => this.bytes.attachment(caller, messageId, id));
  }

  labels(mailboxId: string, signal: AbortSignal): Promise<LabelView[]> {
    const reading: Reading = { mailboxId, wanted: { kind: 'labels', id: mailboxId }, signal };
    return this.access.read(reading, async ({ caller }) =>
      (await this.gmail.labels(caller)).map(toLabelView),
    );
  }

  private stream(reading: Reading, open: (admitted: Admitted) => Promise<Readable>): Promise<Readable> {
    return this.access.read(reading, async (admitted) => {
      if (!admitted.content) throw new InsufficientScopeError();
      const stream = await open(admitted);
      // The response has begun: all that is left is to break it off, which the client notices.
      stream.once('error', (error) => {
        if (reading.signal.aborted) return;
        this.logger.warn(
          { mailboxId: reading.mailboxId, error: describeError(error) },
          'a download broke off',
        );
      });
      return stream;
    });
  }
}

function detailOf(format: 'metadata' | 'full', { content }: Admitted): MessageDetail {
  if (format === 'metadata') return content ? 'structure' : 'headers';
  if (!content) throw new InsufficientScopeError();
  return 'bodies';
}
