import type { OpenAPIObject } from '@nestjs/swagger';
import { EXAMPLE_ID } from '../http/problem';
import type { EventDescription } from '../event/schema/event-frame.schema';
import { reference, type Schema } from '../event/schema/schema';

type Components = NonNullable<OpenAPIObject['components']>;
type Webhook = NonNullable<OpenAPIObject['webhooks']>[string];

const header = (name: string, description: string, pattern: string, example: string) => ({
  ...{ name, in: 'header' as const, required: true, description },
  ...{ schema: { type: 'string' as const, pattern }, example },
});

/** What every delivery brings beside its body (https://www.standardwebhooks.com). */
export const DELIVERY_HEADERS = {
  WebhookId: header(
    'webhook-id',
    'The id of the event, the same on every attempt: do nothing for one that you have handled',
    '^evt_\\w+$',
    EXAMPLE_ID.event,
  ),
  WebhookTimestamp: header(
    'webhook-timestamp',
    'When the attempt was made, in seconds since 1970: refuse what is older than some minutes',
    '^\\d+$',
    '1795338842',
  ),
  WebhookSignature: header(
    'webhook-signature',
    'HMAC-SHA256 of `{webhook-id}.{webhook-timestamp}.{body}` in base64, with the bytes of the secret: one for each secret that is live, separated by spaces. Accept the request when one of them is right',
    '^v1,[A-Za-z0-9+/]{43}=( v1,[A-Za-z0-9+/]{43}=)*$',
    'v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=',
  ),
  UserAgent: header('user-agent', 'Who sends it', '^Inboxwire/1$', 'Inboxwire/1'),
} satisfies Components['parameters'];

const RETRY_AFTER = {
  'Retry-After': {
    description: 'Seconds, or a date: the next attempt waits for it when that is longer than it would wait',
    schema: { type: 'string' as const },
    example: '120',
  },
};

/** What a receiver may answer, within 15 s. */
export const DELIVERY_ANSWERS = {
  Received: { description: 'Delivered. The status decides; what is in the body does not matter' },
  Gone: { description: 'Nothing more is wanted here: the endpoint is disabled (`endpoint.disabled`)' },
  NotNow: { description: 'Failed, and tried again', headers: RETRY_AFTER },
  NotReceived: {
    description:
      'Failed, and tried again after `DELIVERY_RETRY_DELAYS`, then dead: any other status, redirects included, and no complete answer within 15 s',
  },
} satisfies Components['responses'];

/** The POST that an endpoint gets for a type of event. */
export function toWebhook({ name, summary, description, examples, mailbox }: EventDescription): Webhook {
  // A replay may send it after its mailbox was erased.
  const schema: Schema | { $ref: string } =
    mailbox === 'one' ? { anyOf: [reference(name), reference('ErasedEvent')] } : reference(name);
  const named = Object.entries(examples).map(([title, value]) => [title, { value }] as const);
  return {
    post: {
      operationId: `receive${name}`,
      summary,
      ...(description !== undefined && { description }),
      tags: ['Webhooks'],
      security: [],
      parameters: Object.keys(DELIVERY_HEADERS).map((header) => component('parameters', header)),
      requestBody: {
        required: true,
        content: {
          'application/json': { schema, examples: Object.fromEntries(named) },
        },
      },
      responses: {
        '2XX': component('responses', 'Received'),
        '410': component('responses', 'Gone'),
        '429': component('responses', 'NotNow'),
        '503': component('responses', 'NotNow'),
        default: component('responses', 'NotReceived'),
      },
    },
  };
}

const component = (kind: keyof Components, name: string) => ({ $ref: `#/components/${kind}/${name}` });
