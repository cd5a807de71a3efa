import { count, list, object, orNull, reference, text, time } from './schema';

/** The schema of `message` in a `message.added`. */
export const EVENT_MESSAGE = object(
  {
    from: orNull(reference('MailAddress'), 'Null when the mail has no sender that can be read'),
    to: list(reference('MailAddress'), 'At most 10,000'),
    cc: list(reference('MailAddress'), 'At most 10,000'),
    subject: text('Empty when there is none'),
    date: orNull(time('The Date header, null when there is none that can be read')),
    snippet: text('How its text begins, as plain text'),
    rfc822MessageId: orNull(text('The Message-ID header')),
    internalDate: orNull(time('When Gmail received it')),
    sizeEstimate: count('Bytes'),
    attachments: list(
      reference('MessageAttachment'),
      'Names, types, sizes and ids; always empty under the scope gmail.metadata',
    ),
    text: orNull(text('With `MESSAGE_PAYLOAD=full` only')),
    html: orNull(text('With `MESSAGE_PAYLOAD=full` only')),
    truncated: list(text(), 'The fields that lack something; left out when all of it is there'),
  },
  { optional: ['text', 'html', 'truncated'], description: 'A message as it was when it was read' },
);
