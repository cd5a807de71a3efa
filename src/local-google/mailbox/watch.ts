import type { HistoryRecord } from './history-record';

export interface Watch {
  topicName: string;
  labelIds: readonly string[];
  behavior: 'include' | 'exclude';
  /** Epoch ms by the local Google's clock. */
  expiration: number;
}

/** Whether a record is worth a notification: with no labels everything is. */
export function watchMatches(watch: Watch, record: HistoryRecord): boolean {
  if (watch.labelIds.length === 0) return true;
  const carriesOne = (labels: ReadonlySet<string>): boolean => watch.labelIds.some((id) => labels.has(id));
  if (watch.behavior === 'include') return record.carriedLabels.some(carriesOne);
  return record.carriedLabels.some((labels) => !carriesOne(labels));
}
