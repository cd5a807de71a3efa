import type { LabelFilter } from '../../gmail/label-filter';

/** `unsupported`: the mailbox is done without a snapshot. It has ids that are no 64-bit numbers, or its build was given up. */
export type SnapshotState = 'building' | 'ready' | 'unsupported';

/** The snapshot of a mailbox without its messages. */
export interface Snapshot {
  id: number;
  state: SnapshotState;
  filter: LabelFilter;
  /** The dictionary: a label's number is its place in here. */
  labels: string[];
  /** The number of the listing that is compared with it. */
  listing: number;
}
