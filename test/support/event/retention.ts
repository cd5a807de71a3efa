import { RetentionService } from '../../../src/event/log/retention.service';
import { eventually } from '../eventually';
import type { TestReplica } from '../test-replica';

/** A run of this replica that really takes place: the look that each replica takes at its start may be under way just now. */
export function runRetention({ application }: TestReplica): Promise<boolean> {
  const { signal } = new AbortController();
  return eventually(() => application.get(RetentionService).run(signal));
}
