import type { SqlExecutor } from '../../database/sql';
import type { ReplayPoint } from '../queue/replay-point';

/** What is done for all mailboxes or deliveries of an endpoint, in batches. */
export type StepName =
  | 'await-appends'
  | 'drop-deliveries'
  | 'drop-cursors'
  | 'retry-under-way'
  | 'retry-pending'
  | 'retry-dead'
  | 'replay-operational'
  | 'rewind'
  | 'remove-cursors'
  | 'remove-deliveries'
  | 'remove-missed';

/** What a request has left to be done. Any replica goes on with it, one batch after the other. */
export interface EndpointTask {
  id: string;
  endpointId: string;
  /** Those still to do: the first one is under way. */
  steps: StepName[];
  /** Up to where that step has come; null at its beginning. */
  position: string | null;
  /** Which mailboxes a replay concerns; empty for all. */
  mailboxIds: string[];
  /** From where a replay begins. */
  replay: ReplayPoint | null;
  /** Milliseconds since the epoch: only deliveries of events that were appended then or later are tried again. */
  since: number | null;
  /** From where the subscription holds that was changed. */
  subscribedFrom: string | null;
  /** A commit order: later transactions have seen the change. Null until that is known. */
  unseenBefore: string | null;
}

/** What is left out is empty. */
export type NewEndpointTask = Pick<EndpointTask, 'endpointId' | 'steps'> & {
  [Field in 'mailboxIds' | 'replay' | 'since' | 'subscribedFrom']?: EndpointTask[Field] | undefined;
};

/** What one batch has come to: where the next one begins, or in how many milliseconds to try again. */
export type BatchResult = 'done' | { position: string } | { wait: number };

/** A batch that was worked on. With an error it came to nothing, and is tried again in a moment. */
export interface Batch {
  step: StepName;
  /** The next step of its task is to begin, if there is one. */
  isStepDone: boolean;
  error?: unknown;
}

/** One batch of a step, in a short transaction. It locks cursors in the common order, and never waits for a row of `endpoints`. */
export type Step = (on: SqlExecutor, task: EndpointTask) => Promise<BatchResult>;

/** How many mailboxes, or deliveries, one batch is for. */
export const BATCH_SIZE = 500;

/** The next batch begins after the last key of this one; a batch that is not full was the last. */
export function afterBatch(keys: readonly string[]): BatchResult {
  return keys.length < BATCH_SIZE ? 'done' : { position: keys.at(-1)! };
}
