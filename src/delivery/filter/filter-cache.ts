import type { InboxwireEvent } from '../../event/event.types';
import { compileFilter } from './compile-filter';
import type { EventFilter } from './event-filter';

/** How many endpoints' filters are kept. */
const MAX_FILTERS = 1_000;

/** An endpoint with its filter, at a revision. */
interface Filtering {
  endpointId: string;
  revision: number;
  /** Null: every event passes. */
  filter: EventFilter | null;
}

/** Filters of endpoints as functions: each is compiled once for each revision of its endpoint. */
export class FilterCache {
  private readonly compiled = new Map<string, { revision: number; matches: (event: unknown) => boolean }>();

  /** What is delivered and in no log, such as `endpoint.events_missed`, is about the endpoint itself, and always passes. */
  passes({ endpointId, revision, filter }: Filtering, event: InboxwireEvent): boolean {
    if (filter === null || event.type === 'endpoint.events_missed') return true;
    const known = this.compiled.get(endpointId);
    if (known?.revision === revision) return known.matches(event);
    if (this.compiled.size >= MAX_FILTERS) this.compiled.clear();
    const matches = compileFilter(filter);
    this.compiled.set(endpointId, { revision, matches });
    return matches(event);
  }
}
