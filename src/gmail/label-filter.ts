import type { LabelFilterBehavior } from '../config/settings';

/** Which changes of a mailbox count. No labels: every change does. */
export interface LabelFilter {
  labelIds: string[];
  labelFilterBehavior: LabelFilterBehavior;
}

/**
 * Whether something with these labels passes the filter: with `include` when it carries one of the filter's labels, with
 * `exclude` when it carries none. Without labels in the filter everything passes, and so does a change without labels.
 */
export function labelsCount({
  labelIds,
  labelFilterBehavior,
}: LabelFilter): (carried: string[] | undefined) => boolean {
  const wanted = new Set(labelIds);
  return (carried) => {
    if (wanted.size === 0 || carried === undefined) return true;
    return carried.some((label) => wanted.has(label)) === (labelFilterBehavior === 'include');
  };
}
