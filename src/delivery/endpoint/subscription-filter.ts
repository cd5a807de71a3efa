/** Whether an endpoint includes a mailbox, in SQL, from the columns of `endpoints`. */
export const includes = (mailboxId: string) =>
  `(cardinality(mailbox_ids) = 0 OR ${mailboxId} = ANY (mailbox_ids))`;

/**
 * Whether an event, a row of `events`, passes the filter of an endpoint, likewise. Deliveries decide it by `compileFilter`; this is for
 * lists, counts and batches.
 */
export const passesFilter = (event: string) =>
  `(endpoints.filter IS NULL OR event_passes(${event}, endpoints.filter))`;

/** The same of an event of which the id is known. What is in no log passes. */
export const passesFilterById = (eventId: string) =>
  `(endpoints.filter IS NULL OR event_id_passes(${eventId}, endpoints.filter))`;

/** Whether an endpoint subscribes to a type of event, likewise. */
export const subscribes = (type: string) => `(cardinality(event_types) = 0 OR ${type} = ANY (event_types))`;
