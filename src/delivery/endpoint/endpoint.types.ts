import type { EventFilter } from '../filter/event-filter';
import type { EventType } from '../../event/event.types';

/** `mailbox`: each mailbox's events in their order, the next one when the one before is settled. `none`: failing ones are parked. */
export const ORDERINGS = ['mailbox', 'none'] as const;
export type Ordering = (typeof ORDERINGS)[number];

export const ENDPOINT_STATUSES = ['enabled', 'disabled'] as const;
export type EndpointStatus = (typeof ENDPOINT_STATUSES)[number];

/** Where an endpoint lives, and its subscription filter. Empty lists mean all. */
export interface EndpointFields {
  url: string;
  eventTypes: EventType[];
  mailboxIds: string[];
  ordering: Ordering;
  description: string | null;
  /** Of an event, besides its type and its mailbox; null: none. */
  filter: EventFilter | null;
  /** Attempts a second; null: unlimited. */
  rateLimit: number | null;
}

/** Static headers of an endpoint: lower-case names and values. */
export type EndpointHeaders = Record<string, string>;

/** What an operator can give besides; it is not shown as it was given. */
interface SecretFields {
  /** Null: none. */
  headers: EndpointHeaders | null;
}

/** What an operator registers: all but the URL can be left out. */
export type RegisterEndpoint = Pick<EndpointFields, 'url'> & Partial<EndpointFields & SecretFields>;

/** What an operator can change. */
export type EndpointChange = Partial<EndpointFields & SecretFields & { status: EndpointStatus }>;

export const ENDPOINT_WARNING_CODES = ['duplicate_url', 'plain_http'] as const;

/** Something at an endpoint that is allowed and seldom meant. */
export interface EndpointWarning {
  code: (typeof ENDPOINT_WARNING_CODES)[number];
  /** For a person: what follows from it, and what to do. */
  message: string;
}

/** An endpoint as the API shows it. */
export interface Endpoint extends EndpointFields {
  id: string;
  /** Each name with `***` for its value; null: none. */
  headers: EndpointHeaders | null;
  status: EndpointStatus;
  disabledReason: string | null;
  createdAt: string;
}

/** An endpoint as it is shown to whoever has changed it. */
export interface ChangedEndpoint extends Endpoint {
  warnings: EndpointWarning[];
}
