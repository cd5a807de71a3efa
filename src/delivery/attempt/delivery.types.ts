/** One HTTP request of a delivery, as the API shows it. */
export interface Attempt {
  /** RFC 3339, when it began. */
  at: string;
  /** The receiver's status; null when there was no answer. */
  status: number | null;
  /** Milliseconds; null when the outcome is not known. */
  latencyMs: number | null;
  error: string | null;
  /** The beginning of what the receiver answered; null when there was nothing. */
  response: string | null;
}

export const DELIVERY_STATUSES = ['pending', 'delivered', 'dead'] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

/** A delivery as the API shows it. */
export interface Delivery {
  id: string;
  endpointId: string;
  mailboxId: string | null;
  eventId: string;
  eventType: string;
  status: DeliveryStatus;
  attempts: Attempt[];
  nextAttemptAt: string | null;
}

/** What names a delivery. */
export interface DeliveryKey {
  endpointId: string;
  eventId: string;
}
