import type { Event } from '../support/api-types';
import { liveOf } from '../support/sync/check-backfills';
import type { ReportedChange } from '../support/sync/truth';

/** What is wrong with the log of one mailbox. All zero, and nothing is. */
export interface LogVerdict {
  /** Changes that the log does not report. */
  lost: number;
  /** Events that report a change again, or one that never happened. */
  doubled: number;
  outOfOrder: number;
  /** Sequences that are missing, or come twice. */
  holes: number;
  /** The first difference, for whoever searches its cause. */
  example: string | undefined;
}

/** Compares the log of a mailbox with what truly happened in it. */
export function checkLog(log: readonly Event[], truth: readonly ReportedChange[]): LogVerdict {
  const live = liveOf(log, truth);
  const reported = live.reported.map(keyOf);
  const happened = live.happened.map(keyOf);
  const lost = without(happened, reported);
  const doubled = without(reported, happened);
  // Among what is in both: the log's order against the truth's.
  const both = { reported: without(reported, doubled), happened: without(happened, lost) };
  const strays = both.reported.flatMap((key, i) => (key === both.happened[i] ? [] : [key]));
  const holes = log.filter(({ sequence }, i) => sequence !== i + 1).length;
  const [first] = [
    ...lost.map((key) => `lost ${key}`),
    ...doubled.map((key) => `doubled ${key}`),
    ...strays.map((key) => `out of order ${key}`),
    ...(holes > 0 ? ['the sequence has holes'] : []),
  ];
  return { lost: lost.length, doubled: doubled.length, outOfOrder: strays.length, holes, example: first };
}

/** Every field counts: a label that is reported wrongly is a change that was lost, and another that never happened. */
function keyOf({ type, messageId, threadId, historyId, labelIds, changedLabelIds }: ReportedChange): string {
  return JSON.stringify([type, messageId, threadId, historyId, labelIds, changedLabelIds]);
}

/** The list without as many of each as the other one has. */
function without(list: readonly string[], other: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const key of other) left.set(key, (left.get(key) ?? 0) + 1);
  return list.filter((key) => {
    const count = left.get(key) ?? 0;
    left.set(key, count - 1);
    return count <= 0;
  });
}
