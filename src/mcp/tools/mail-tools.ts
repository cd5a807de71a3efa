import { z } from 'zod';
import type { AgentServices } from '../agent-services';
import { defineTool, type Tool } from '../tool';
import { MAILBOX_ID, MESSAGE_ID, READS, UNTRUSTED } from './arguments';

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
      const detail = format === 'metadata' ? 'metadata' : 'full';
      const view = await mail.message(mailboxId, messageId, detail, signal);
      return format === 'text' && view.text ? { ...view, html: null } : view;
    },
  });

export const mailTools = (services: AgentServices): Tool[] => [readMessage(services)];
