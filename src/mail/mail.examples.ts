import { EXAMPLE_ID } from '../http/problem';
import type { LabelPageDto, MessageDto } from './mail.dto';

export const MESSAGE_METADATA: MessageDto = {
  id: EXAMPLE_ID.message,
  threadId: EXAMPLE_ID.message,
  historyId: '1748503',
  labelIds: ['UNREAD', 'INBOX'],
  from: { name: 'Bob Example', address: 'bob@example.net' },
  to: [{ name: 'Ada', address: 'ada@example.com' }],
  cc: [],
  subject: 'The contract',
  date: '2026-11-22T09:13:58.000Z',
  snippet: 'Hello Ada, here is the contract.',
  rfc822MessageId: '<pdf-1@example.net>',
  internalDate: '2026-11-22T09:14:01.000Z',
  sizeEstimate: 48213,
  attachments: [{ id: EXAMPLE_ID.attachment, name: 'contract.pdf', type: 'application/pdf', size: 34512 }],
  headers: [
    { name: 'From', value: 'Bob Example <bob@example.net>' },
    { name: 'Subject', value: 'The contract' },
  ],
};

export const FULL_MESSAGE: MessageDto = {
  ...MESSAGE_METADATA,
  text: 'Hello Ada,\nhere is the contract.\n',
  html: null,
};

export const LABEL_PAGE: LabelPageDto = {
  data: [
    {
      id: 'INBOX',
      name: 'INBOX',
      type: 'system',
      messageListVisibility: null,
      labelListVisibility: null,
      color: null,
    },
    {
      id: 'Label_7',
      name: 'Customers',
      type: 'user',
      messageListVisibility: 'show',
      labelListVisibility: 'labelShow',
      color: { textColor: '#ffffff', backgroundColor: '#16a765' },
    },
  ],
  nextCursor: null,
};
