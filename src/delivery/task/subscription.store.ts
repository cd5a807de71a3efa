import { Injectable } from '@nestjs/common';
import { sql, type SqlExecutor } from '../../database/sql';
import type { EndpointEntity } from '../endpoint/endpoint.entity';
import type { EndpointChange } from '../endpoint/endpoint.types';
import { CursorMaintenanceStore } from '../queue/cursor-maintenance.store';
import { EndpointTaskStore } from './endpoint-task.store';

/** What a change of an endpoint means for its subscription. */
export interface SubscriptionConsequences {
  /** Other mailboxes are included now. */
  otherMailboxes: boolean;
  /** It filters other types now, or by other conditions. */
  otherTypes: boolean;
}

/** Columns of `endpoints` that change with its subscription. */
export type SubscriptionColumns = Partial<Pick<EndpointEntity, 'epoch' | 'subscribedFrom'>>;

/** Begins and changes subscriptions, whatever the number of mailboxes. */
@Injectable()
export class SubscriptionStore {
  constructor(
    private readonly cursors: CursorMaintenanceStore,
    private readonly tasks: EndpointTaskStore,
  ) {}

  /** The point of the log at which a subscription begins: what is committed by now comes before. */
  async now(on: SqlExecutor): Promise<string> {
    const [row] = await sql<{ point: string }>(on, 'SELECT event_log_point() AS point');
    return row!.point;
  }

  /**
   * To be called before the endpoint, which is locked, is changed. Appends that had not seen the subscription so far are
   * caught up on first, as far as the endpoint keeps what they are of.
   *
   * @returns the columns that change with it
   */
  async change(
    on: SqlExecutor,
    before: EndpointEntity,
    change: EndpointChange,
    { otherMailboxes, otherTypes }: SubscriptionConsequences,
  ): Promise<SubscriptionColumns> {
    if (!otherMailboxes && !otherTypes) return {};
    const subscribedFrom = await this.now(on);
    if (!otherMailboxes) {
      if (before.subscribedFrom !== null) await this.cursors.catchUp(on, before.id);
      return { subscribedFrom };
    }
    const kept = inBoth(before.mailboxIds, change.mailboxIds!);
    await this.tasks.narrowReplays(on, before.id, kept);
    await this.cursors.keep(on, before.id, kept);
    return { subscribedFrom, epoch: before.epoch + 1 };
  }
}

/** Which mailboxes two lists include both, of which one is a list: empty means all. */
function inBoth(one: readonly string[], other: readonly string[]): readonly string[] {
  if (one.length === 0) return other;
  const others = new Set(other);
  return other.length === 0 ? one : one.filter((id) => others.has(id));
}
