import { applyDecorators } from '@nestjs/common';
import { ApiParam } from '@nestjs/swagger';
import { GrantUnreadableError } from '../auth/auth.errors';
import { ApiId, ApiProblems, type Header } from '../http/api-problems';
import { EXAMPLE_ID } from '../http/problem';
import { NotFoundError } from '../common/inboxwire.error';
import { MailboxNotActiveError } from '../mailbox/mailbox.errors';
import {
  ReadRefusedError,
  GoogleUnavailableError,
  InsufficientScopeError,
  GmailLimitReachedError,
} from './mail.errors';

const IN_A_MOMENT = new Date(Date.now() + 5_000);

const GOOGLE_PROBLEMS = [
  new MailboxNotActiveError(EXAMPLE_ID.mailbox, 'reauthorization_required'),
  new InsufficientScopeError(),
  new GmailLimitReachedError(
    'The quota of the mailbox is used up for the moment. Ask again after the time in `Retry-After`.',
    IN_A_MOMENT,
  ),
  new ReadRefusedError('This Google account has no Gmail.', undefined),
  new GoogleUnavailableError(
    'Google did not answer as it should. Ask again in a moment.',
    IN_A_MOMENT,
    undefined,
  ),
  new GrantUnreadableError(undefined),
];

/** What every read can be answered with besides what was asked for. */
export const ApiReading = (kind: 'mailbox' | 'message' | 'attachment'): MethodDecorator =>
  applyDecorators(
    ApiId('mailbox', EXAMPLE_ID.mailbox),
    ApiProblems(new NotFoundError(kind, EXAMPLE_ID[kind]), ...GOOGLE_PROBLEMS),
  );

export const ApiMessageId = (): MethodDecorator =>
  ApiParam({
    name: 'messageId',
    description: 'The id of the message, as its events and Gmail have it',
    example: EXAMPLE_ID.message,
  });

export const ApiAttachmentId = (): MethodDecorator =>
  ApiParam({
    name: 'attachmentId',
    description: 'The `id` of the attachment, from any read of the message or from its event',
    example: EXAMPLE_ID.attachment,
  });

/** What is sent as bytes. */
export const BINARY = { schema: { type: 'string', format: 'binary' } } as const;

export const CONTENT_DISPOSITION: Record<string, Header> = {
  'Content-Disposition': {
    description: 'Bytes of strangers are to be saved, and never shown',
    schema: { type: 'string' },
    example: `attachment; filename="contract.pdf"; filename*=UTF-8''contract.pdf`,
  },
};
