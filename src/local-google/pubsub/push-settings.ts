import type { DataEncoding } from './push-message';

export interface PushChaos {
  /** Probabilities, 0 to 1. */
  drop?: number;
  duplicate?: number;
  delay?: number;
  /** A reordered message is overtaken by the ones published after it. */
  reorder?: number;
  /** How long a delayed or reordered message is held back, at most (50 ms). */
  holdMs?: number;
}

export interface PushSettings {
  url: string;
  serviceAccount: string;
  audience: string;
  /** `projects/P/subscriptions/S` */
  subscription: string;
  /** `projects/P/topics/T` */
  topic: string;
  /** false sends the data alone ("payload unwrapping"). */
  wrapped?: boolean;
  encoding?: DataEncoding;
  /** How long a push may take; 10 s as in Pub/Sub. */
  ackDeadlineMs?: number;
  /** Waits of the whole subscription after refused pushes; 100 ms to 60 s as in Pub/Sub. */
  backoff?: { minMs: number; maxMs: number };
  /** Pushes under way at once (20). */
  concurrency?: number;
  chaos?: PushChaos;
  /** A new token for each push, instead of one an hour. */
  freshTokens?: boolean;
}
