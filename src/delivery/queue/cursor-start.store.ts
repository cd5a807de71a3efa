/**
 * In SQL: where the cursor of a mailbox begins for which nothing was to be delivered so far.
 *
 * While appends may be under way that have not seen the subscription, that is the last event before the point from which
 * it holds: nobody has raised a cursor for theirs. Otherwise it is the event before the first one to deliver.
 *
 * @param mailboxId with the name of its table, or it would be that of the event
 * @param first the sequence of that one
 * @param subscribedFrom the point; null when all appends have seen the subscription
 */
export const cursorStart = (mailboxId: string, first: string, subscribedFrom: string) => `
  CASE WHEN ${subscribedFrom} IS NULL THEN ${first} - 1 ELSE coalesce(
    (SELECT sequence FROM events WHERE events.mailbox_id = ${mailboxId} AND sequence < ${first}
       AND event_is_before(commit_order, ${subscribedFrom}) ORDER BY sequence DESC LIMIT 1),
    (SELECT min(sequence) - 1 FROM events WHERE events.mailbox_id = ${mailboxId}), 0) END`;
