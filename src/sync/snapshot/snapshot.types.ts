import type { LabelFilter } from '../../gmail/label-filter';

/** `unsupported`: the mailbox has ids that are no 64-bit numbers, and is done without a snapshot. */
export type SnapshotState = 'building' | 'ready' | 'unsupported';

/** The snapshot of a mailbox without its messages. */
export interface Snapshot {
  id: number;
  state: SnapshotState;
  filter: LabelFilter;
  /** The dictionary: a label's number is its place in here. */
  labels: string[];
}
