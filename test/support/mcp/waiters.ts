import { LogTailService } from '../../../src/event/stream/log-tail.service';
import type { Service } from '../../../src/service';

/** How many wait for events in a process. */
export function waitersOf({ application }: Pick<Service, 'application'>): number {
  const tail: unknown = application.get(LogTailService, { strict: false });
  return (tail as { subscribers: Set<unknown> }).subscribers.size;
}
