import { z } from 'zod';
import { MailboxIdPipe } from '../../mailbox/mailbox-id.pipe';
import { GmailIdPipe } from '../../mail/gmail-id.pipe';
import type { AgentServices } from '../agent-services';
import { defineTool, type Tool } from '../tool';
import { MAILBOX_ID, MESSAGE_ID, READS, UNTRUSTED } from './arguments';

const mailbox = new MailboxIdPipe();
const message = new GmailIdPipe('message', 64);

const FORMATS = ['full', 'text', 'metadata'] as const;

const readMessage = ({ mail }: AgentServices): Tool =>
  defineTool({
    name: 'read_message',
    title: 'Read a message',
    description: `One message as Gmail has it now: who wrote it to whom, subject, text, labels, attachments (without their bytes). Costs 20 quota units. ${UNTRUSTED}`,
    annotations: { ...READS, openWorldHint: true },
    input: z.strictObject({
      mailboxId: MAILBOX_ID,
      messageId: MESSAGE_ID,
      format: z
        .enum(FORMATS, `must be one of: ${FORMATS.join(', ')}`)
        .default('full')
        .describe('`text` leaves `html` out where there is a text, `metadata` leaves both out'),
    }),
    output: z.looseObject({
      id: z.string(),
      threadId: z.string().nullable(),
      labelIds: z.array(z.string()),
      subject: z.string().nullable(),
    }),
    run: async ({ mailboxId, messageId, format }, { signal }) => {
      const id = message.transform(messageId);
      const detail = format === 'metadata' ? 'metadata' : 'full';
      const view = await mail.message(mailbox.transform(mailboxId), id, detail, signal);
      return format === 'text' && view.text ? { ...view, html: null } : view;
    },
  });

const listLabels = ({ mail }: AgentServices): Tool =>
  defineTool({
    name: 'list_labels',
    title: 'List labels',
    description:
      'The labels of a mailbox: what the label ids in events and messages are called. Costs 1 quota unit.',
    annotations: { ...READS, openWorldHint: true },
    input: z.strictObject({ mailboxId: MAILBOX_ID }),
    output: z.looseObject({
      data: z.array(z.looseObject({ id: z.string(), name: z.string(), type: z.string() })),
    }),
    run: async ({ mailboxId }, { signal }) => ({
      data: await mail.labels(mailbox.transform(mailboxId), signal),
      nextCursor: null,
    }),
  });

export const mailTools = (services: AgentServices): Tool[] => [readMessage(services), listLabels(services)];
