/** Whether an endpoint includes a mailbox, in SQL, from the columns of `endpoints`. */
export const includes = (mailboxId: string) =>
  `(cardinality(mailbox_ids) = 0 OR ${mailboxId} = ANY (mailbox_ids))`;

/** Whether an endpoint subscribes to a type of event, likewise. */
export const subscribes = (type: string) => `(cardinality(event_types) = 0 OR ${type} = ANY (event_types))`;
