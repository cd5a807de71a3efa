import type { DeliveryKey } from '../attempt/delivery.types';

/**
 * The id of a delivery: its endpoint and its event say all, so it is there before the first attempt and stays the same.
 * Sorts by the event, which is to say by time.
 */
export function deliveryId({ endpointId, eventId }: DeliveryKey): string {
  return `dlv_${bare(eventId)}${bare(endpointId)}`;
}

/** What an id names; undefined when it is none. Says nothing of whether there is such a delivery. */
export function readDeliveryId(id: string): DeliveryKey | undefined {
  const [, event, endpoint] = /^dlv_([0-9a-z]{26})([0-9a-z]{26})$/.exec(id) ?? [];
  return event && endpoint ? { endpointId: `end_${endpoint}`, eventId: `evt_${event}` } : undefined;
}

function bare(id: string): string {
  return id.slice(id.indexOf('_') + 1);
}
