import { setTimeout as delay } from 'node:timers/promises';
import type { ApiClient } from '../support/api-client';

const PAGE_EVENTS = 20;
const PAUSE_MS = 50;

/**
 * Reads the list as an application does, page by page from its own cursor, while the writers commit and die. What it
 * has seen at the end must be the list, in the list's order: a reader that goes by the wrong order overlooks what
 * commits late.
 */
export class EventPoller {
  readonly seen: string[] = [];
  /** How many of them report a new address of an account. */
  addressChanges = 0;
  /** Pages that it did not get, and asked for again. */
  refused = 0;
  private stopped = false;
  private done: Promise<void> | undefined;

  constructor(private readonly api: ApiClient) {}

  start(): void {
    this.done = this.poll();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.done;
  }

  private async poll(): Promise<void> {
    let after: string | undefined;
    while (!this.stopped) {
      const query = new URLSearchParams({
        limit: String(PAGE_EVENTS),
        ...(after !== undefined && { after }),
      });
      try {
        const { data, nextCursor } = await this.api.get(`/v1/events?${query.toString()}`);
        this.seen.push(...data.map(({ id }) => id));
        this.addressChanges += data.filter(({ type }) => type === 'mailbox.address_changed').length;
        after = nextCursor ?? undefined;
        if (data.length === PAGE_EVENTS) continue;
      } catch {
        this.refused += 1;
      }
      await delay(PAUSE_MS);
    }
  }
}
