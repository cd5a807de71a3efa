import { count, list, object, orNull, reference, text, time } from './schema';

/** The schema of `message` in a `message.added`. */
export const EVENT_MESSAGE = object(
  {
    from: orNull(reference('MailAddress'), 'Null when the mail has no sender that can be read'),
    to: list(reference('MailAddress'), 'At most 10,000'),
    cc: list(reference('MailAddress'), 'At most 10,000'),
    bcc: list(reference('MailAddress'), 'In mail that the owner sent; at most 10,000'),
    replyTo: list(reference('MailAddress'), 'Where an answer is to go; empty: to `from`. At most 10,000'),
    subject: text('Empty when there is none'),
    date: orNull(time('The Date header, null when there is none that can be read')),
    snippet: text('How its text begins, as plain text'),
    rfc822MessageId: orNull(text('The Message-ID header')),
    inReplyTo: orNull(text('The message id of what it answers, in angle brackets')),
    references: list(
      text(),
      'The message ids of the thread, the oldest first, in angle brackets; of more than 100 the last ones',
    ),
    listId: orNull(text('The List-Id header')),
    autoSubmitted: orNull(
      text('The Auto-Submitted header: other than null and `no`, a program wrote the mail'),
    ),
    internalDate: orNull(time('When Gmail received it')),
    sizeEstimate: count('Bytes'),
    attachments: list(
      reference('MessageAttachment'),
      'Names, types, sizes and ids; always empty under the scope gmail.metadata',
    ),
    headers: {
      type: 'object',
      additionalProperties: list(text(), 'The decoded values in their order'),
      description: 'Those of `MESSAGE_HEADERS` that the mail has, by lower-case name; empty by default',
    },
    text: orNull(text('With `MESSAGE_PAYLOAD=full` only')),
    html: orNull(text('With `MESSAGE_PAYLOAD=full` only')),
    truncated: list(text(), 'The fields that lack something; left out when all of it is there'),
  },
  { optional: ['text', 'html', 'truncated'], description: 'A message as it was when it was read' },
);
