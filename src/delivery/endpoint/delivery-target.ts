import type { EventType } from '../../event/event.types';
import type { EventFilter } from '../filter/event-filter';
import type { Ordering } from './endpoint.types';

/** What a delivery needs to know of its endpoint, as it was when the claim was made. */
export interface DeliveryTarget {
  endpointId: string;
  url: string;
  eventTypes: EventType[];
  ordering: Ordering;
  revision: number;
  /** Milliseconds since when every attempt has failed; null while it does well. */
  failingFor: number | null;
  /** Still encrypted, the newest first. */
  secrets: string[];
  /** Static headers, still encrypted; null: none. */
  headers: string | null;
  /** Null: every event passes. */
  filter: EventFilter | null;
  /** Attempts a second; null: unlimited. A claim brings the permit for one attempt. */
  rateLimit: number | null;
  /** When the claim was answered, on the scale of `performance.now()`. */
  claimedAt: number;
}
