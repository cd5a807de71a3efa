import type { OpenAPIObject } from '@nestjs/swagger';
import { DELIVERED_EVENTS, eventSchemas } from '../event/schema/event-schemas';
import { DELIVERY_ANSWERS, DELIVERY_HEADERS, toWebhook } from './webhooks';

/** Adds what an event is, and the `webhooks`: the requests that an endpoint gets, one for each type of event. */
export function describeEvents(document: OpenAPIObject): OpenAPIObject {
  const { components } = document;
  const webhooks: NonNullable<OpenAPIObject['webhooks']> = {};
  for (const [type, event] of Object.entries(DELIVERED_EVENTS)) webhooks[type] = toWebhook(event);
  return {
    ...document,
    components: {
      ...components,
      schemas: { ...components?.schemas, ...eventSchemas() },
      parameters: { ...components?.parameters, ...DELIVERY_HEADERS },
      responses: { ...components?.responses, ...DELIVERY_ANSWERS },
    },
    webhooks,
  };
}
