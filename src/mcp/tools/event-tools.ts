import { z } from 'zod';
import { EVENT_ID_WANTED, isEventId } from '../../event/api/event.dto';
import { EVENT_TYPES } from '../../event/event.types';
import type { AgentServices } from '../agent-services';
import { defineTool, type Tool } from '../tool';
import { limit, MAILBOX, READS, UNTRUSTED } from './arguments';

const TYPES = z
  .array(
    z.enum(EVENT_TYPES, `must be one of: ${EVENT_TYPES.join(', ')}`),
    'must be a list of types of events',
  )
  .optional()
  .describe('Events of these types only, such as `message.added`');

const AFTER = z.string(EVENT_ID_WANTED).refine(isEventId, EVENT_ID_WANTED);

const EVENT = z
  .looseObject({
    id: z.string(),
    type: z.string(),
    sequence: z.number().nullable(),
    occurredAt: z.string(),
    mailbox: z.looseObject({ id: z.string() }).nullable(),
    data: z.unknown().describe('Depends on the type: see the resources'),
  })
  .describe('See the resources `inboxwire://schemas/events/…`');

const MAX_WAIT_SECONDS = 60;
/** Many clients give a tool up after 60 s, all in all. */
const WAIT_SECONDS = 25;

const nextEvent = ({ nextEvents }: AgentServices): Tool =>
  defineTool({
    name: 'next_event',
    title: 'Wait for the next event',
    description:
      'Waits for the next change in the mailboxes and returns it: a new message, a changed label, a deletion, and what happens to the mailboxes themselves. ' +
      'When nothing comes in time, `event` is null, which is no error. Call it again with the `cursor` as `after`: nothing is missed in between. ' +
      `Without \`after\` it waits for what happens from now on. ${UNTRUSTED}`,
    annotations: READS,
    input: z.strictObject({
      after: AFTER.nullable()
        .optional()
        .describe('The `cursor` of the call before; null: from the beginning of the log'),
      types: TYPES,
      mailboxId: MAILBOX.optional(),
      waitSeconds: z
        .number(`must be a number from 0 to ${MAX_WAIT_SECONDS}`)
        .min(0, 'must not be less than 0')
        .max(MAX_WAIT_SECONDS, `must not be greater than ${MAX_WAIT_SECONDS}`)
        .default(WAIT_SECONDS)
        .describe('How long to wait; your client may give up earlier'),
    }),
    output: z.looseObject({
      event: EVENT.nullable(),
      cursor: z.string().nullable().describe('Pass it as `after`, also when it is null'),
    }),
    run: ({ after, types, mailboxId, waitSeconds }, { caller, signal }) =>
      nextEvents.after(
        after,
        { mailboxId, types },
        { callerId: caller.id, waitMs: waitSeconds * 1_000, signal },
      ),
  });

const listEvents = ({ events }: AgentServices): Tool =>
  defineTool({
    name: 'list_events',
    title: 'List events',
    description:
      'The log of changes, oldest first, page by page. Without `after` it begins with the oldest event that is kept. An empty page is the end: ' +
      `\`nextCursor\` is where to go on, here or with \`next_event\`. ${UNTRUSTED}`,
    annotations: READS,
    readsDatabase: true,
    input: z.strictObject({
      after: AFTER.optional().describe('An event id: what came after it is returned'),
      types: TYPES,
      mailboxId: MAILBOX.optional(),
      limit: limit(100, 20),
    }),
    output: z.looseObject({
      data: z.array(EVENT),
      nextCursor: z.string().nullable().describe('Pass it as `after` to go on; null when the log is empty'),
    }),
    run: ({ after, types, mailboxId, limit }) => events.list(after, { mailboxId, types }, limit),
  });

export const eventTools = (services: AgentServices): Tool[] => [nextEvent(services), listEvents(services)];
