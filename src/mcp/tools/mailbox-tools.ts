import { z } from 'zod';
import { MAILBOX_STATUSES } from '../../mailbox/mailbox.types';
import type { AgentServices } from '../agent-services';
import { defineTool, type Tool } from '../tool';
import { limit, plainText, READS } from './arguments';

const CURSOR = z.string('must be text').max(500, 'must be the nextCursor of an earlier page').optional();

const PAGE = z.looseObject({
  data: z.array(
    z
      .looseObject({
        id: z.string(),
        emailAddress: z.string().nullable(),
        externalId: z.string().nullable(),
        status: z.string().describe('`active`; all others need a person'),
      })
      .describe('With `watch` and `sync`, as `GET /v1/mailboxes/:id` shows it'),
  ),
  nextCursor: z.string().nullable().describe('Pass it as `cursor` for the next page; null at the end'),
});

export const mailboxTools = ({ mailboxes }: AgentServices): Tool[] => [
  defineTool({
    name: 'list_mailboxes',
    title: 'List mailboxes',
    description:
      'The Gmail mailboxes that are connected, each with its id, address, status, watch and sync state. The other tools name a mailbox by its id.',
    annotations: READS,
    readsDatabase: true,
    input: z.strictObject({
      emailAddress: plainText(320, 'Mailboxes with exactly this address'),
      externalId: plainText(255, 'Mailboxes to which the application gave this name'),
      status: z
        .enum(MAILBOX_STATUSES, `must be one of: ${MAILBOX_STATUSES.join(', ')}`)
        .optional()
        .describe('Mailboxes in this status'),
      limit: limit(200, 50),
      cursor: CURSOR.describe('The `nextCursor` of the page before'),
    }),
    output: PAGE,
    run: ({ limit, cursor, ...filter }) => mailboxes.list(filter, cursor, limit),
  }),
];
