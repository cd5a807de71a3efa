import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { Metrics } from '../../observability/metrics';
import { QuotaSettings } from '../../config/settings';
import { BudgetSpentError, GmailApiError } from '../gmail.errors';
import { BudgetAllocator, type BudgetOutcome, type BudgetRequest } from './budget-allocator.service';
import { BudgetStore } from './budget.store';
import { type BudgetKind, ceiling, COSTS, type GmailCaller, type GmailMethod } from './costs';
import { MAX_WAIT_IN_PLACE_MS } from './patience';
import { type Permits, PermitCache } from './permit-cache';

const PROJECT = 'project';

/** The share of a minute that a sync reserves ahead. Most syncs need no more than this. */
const AHEAD = { mailbox: 0.02, project: 0.001 };

/** A wait up to this long happens in place. A caller who would have to wait for longer is refused, and comes back. */
const MAX_WAIT_MS = 250;

/** The same for an application that waits for its answer: a short wait costs less than a refusal and a second request. */
const MAX_READ_WAIT_MS = 2_000;

/**
 * Keeps Inboxwire from asking Gmail more than it allows, and from asking while Gmail throttles. Every call is paid for before
 * it is made, from two budgets that all replicas share: that of its mailbox and that of the project.
 */
@Injectable()
export class QuotaService {
  private readonly logger = new Logger(QuotaService.name);
  private readonly permits = new PermitCache();

  constructor(
    private readonly allocator: BudgetAllocator,
    private readonly budgets: BudgetStore,
    private readonly settings: QuotaSettings,
    private readonly metrics: Metrics,
  ) {}

  /**
   * Reserves the units of calls; waits for a moment, or with `long` until a minute's budget has come back.
   *
   * @throws BudgetSpentError when nothing is left for this caller now
   * @throws GmailApiError (`rate_limited`) while Google throttles this mailbox
   */
  async reserve(
    caller: GmailCaller,
    method: GmailMethod,
    calls = 1,
    options: { long?: boolean } = {},
  ): Promise<void> {
    const units = COSTS[method] * calls;
    const shortMs = caller.priority === 'read' ? MAX_READ_WAIT_MS : MAX_WAIT_MS;
    const maxWaitMs = options.long ? MAX_WAIT_IN_PLACE_MS : shortMs;
    const reserved = await Promise.allSettled([
      this.reserveFrom('mailbox', caller, units, maxWaitMs),
      this.reserveFrom('project', caller, units, maxWaitMs),
    ]);
    const failed = reserved.find((one) => one.status === 'rejected');
    if (!failed) {
      this.metrics.quotaUnits.inc({ method }, units);
      return this.metrics.activity.add('units', units);
    }
    // One without the other is of no use: it is left to the next caller who gets both.
    for (const one of reserved) if (one.status === 'fulfilled') this.permits.put(one.value.name, one.value);
    throw failed.reason;
  }

  /** Google refused for the rate: nobody whom it concerns asks anything before the time that Google named. */
  async recordThrottle({ mailboxId }: Pick<GmailCaller, 'mailboxId'>, refusal: GmailApiError): Promise<void> {
    const { retryAt, ofProject } = refusal.details;
    if (ofProject) {
      this.permits.clear(PROJECT);
      const until = await this.budgets.throttle(PROJECT, retryAt);
      if (until)
        this.logger.warn({ until, mailboxId }, 'Google limits the whole project: every mailbox waits');
    } else if (retryAt) {
      this.permits.clear(mailboxId);
      await this.budgets.throttleUntil(mailboxId, retryAt);
    }
  }

  /** @returns what was reserved, to be given back should it turn out to be of no use */
  private async reserveFrom(
    kind: BudgetKind,
    caller: GmailCaller,
    units: number,
    maxWaitMs: number,
  ): Promise<Permits & { name: string }> {
    const name = kind === 'mailbox' ? caller.mailboxId : PROJECT;
    const cached = this.permits.take(name, caller.priority === 'sync' ? units : 0);
    const required = units - cached.units;
    if (required === 0) return { ...cached, name };
    const request = this.request(kind, caller, name, required);
    for (;;) {
      caller.signal?.throwIfAborted();
      const { until } = this.permits.issue(0);
      const outcome = await this.allocator.reserve(request);
      if (outcome.waitMs === undefined) {
        this.permits.put(name, { units: outcome.granted - required, until });
        return { name, units, until: cached.units > 0 ? cached.until : until };
      }
      if (outcome.waitMs > maxWaitMs) {
        this.permits.put(name, cached);
        throw refusal(kind, outcome);
      }
      await delay(outcome.waitMs, undefined, { signal: caller.signal });
    }
  }

  private request(
    kind: BudgetKind,
    { priority }: GmailCaller,
    name: string,
    required: number,
  ): BudgetRequest {
    const limit = kind === 'mailbox' ? this.settings.perMailbox : this.settings.perProject;
    // Only syncs reserve ahead: they are to be quick, and most come in twos and threes.
    const ahead = priority === 'sync' ? Math.ceil(AHEAD[kind] * limit) : 0;
    return {
      name,
      required,
      wanted: required + ahead,
      ceiling: ceiling(priority, kind, limit),
      // A watch keeps the mail coming: it is worth a call that may be refused when others have used up the project.
      ignoresThrottle: priority === 'watch' && kind === 'project',
    };
  }
}

function refusal(
  kind: BudgetKind,
  { waitMs, throttled }: Extract<BudgetOutcome, { granted: 0 }>,
): GmailApiError {
  const retryAt = new Date(Date.now() + waitMs);
  return kind === 'mailbox' && throttled
    ? new GmailApiError('rate_limited', 'Gmail asked to slow down; Inboxwire waits and goes on.', { retryAt })
    : new BudgetSpentError(kind, retryAt);
}
