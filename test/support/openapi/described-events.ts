import type { Received } from '../../fakes/receiver/receiver';
import { description, faultsOf } from './description';

/** Fails unless this is an event of the log exactly as docs/openapi.json describes its type. */
export function expectDescribedEvent(event: unknown): void {
  validate(event, ['components', 'schemas', 'Event']);
}

/** Fails unless this is a delivery exactly as docs/openapi.json describes the webhook of its type, headers included. */
export function expectDescribedDelivery({ headers, event }: Pick<Received, 'headers' | 'event'>): void {
  const webhook = description.webhooks[event.type]?.post;
  if (!webhook) throw new Error(`docs/openapi.json has no webhook for ${event.type}`);
  validate(event, ['webhooks', event.type, 'post', 'requestBody', 'content', 'application/json', 'schema']);
  if (headers['content-type'] !== 'application/json')
    throw new Error(`a delivery as ${headers['content-type']}, which docs/openapi.json does not say`);
  for (const { $ref } of webhook.parameters) {
    const place = $ref.split('/').slice(1);
    const { name, required } = description.components.parameters[place.at(-1)!]!;
    if (required || headers[name] !== undefined) validate(headers[name], [...place, 'schema']);
  }
}

function validate(value: unknown, place: string[]): void {
  const faults = faultsOf(value, place);
  if (faults.length === 0) return;
  const shown = JSON.stringify(value, null, 2)?.slice(0, 2_000);
  throw new Error(`not what docs/openapi.json says at ${place.join(' ')}:\n${faults.join('\n')}\n${shown}`);
}
