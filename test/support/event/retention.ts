import { RetentionService } from '../../../src/event/log/retention.service';
import { eventually } from '../eventually';
import type { TestReplica } from '../test-replica';

/** A run of this replica that really takes place: the run that each replica begins with may be under way just now. */
export function runRetention({ application }: TestReplica): Promise<boolean> {
  const { signal } = new AbortController();
  return eventually(() => application.get(RetentionService).run(signal));
}
