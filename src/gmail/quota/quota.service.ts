import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { Metrics } from '../../observability/metrics';
import { QuotaSettings } from '../../config/settings';
import { BudgetSpentError, GmailApiError } from '../gmail.errors';
import { type BudgetKind, ceiling, type GmailCaller, type GmailMethod, COSTS } from './costs';
import { BudgetStore } from './budget.store';
import { type DrawOutcome, BudgetAllocator } from './budget-allocator.service';
import { type Permits, PermitCache } from './permit-cache';

const PROJECT = 'project';

/** What a sync draws ahead: most of them need no more than this, of a mailbox a fiftieth of what it has a minute. */
const AHEAD = { mailbox: 0.02, project: 0.001 };

/** So long (ms) it is waited in place: whoever has to wait for longer is told, and comes back. */
const SHORT = 250;

/** The same for an application that waits for its answer: cheaper than to send it away and have it back. */
const PATIENT = 2_000;

/** Who may wait for longer waits until a minute's budget has come back. */
const LONG = 90_000;

/**
 * Keeps Gmail from being asked more than it allows, and while it wants to be left alone: every call is paid for from two
 * budgets that all replicas share, that of its mailbox and that of the project, before it is made.
 */
@Injectable()
export class QuotaService {
  private readonly logger = new Logger(QuotaService.name);
  private readonly purse = new PermitCache();

  constructor(
    private readonly draws: BudgetAllocator,
    private readonly budgets: BudgetStore,
    private readonly settings: QuotaSettings,
    private readonly metrics: Metrics,
  ) {}

  /**
   * Pays for calls; waits for a moment, or with `long` until a minute's budget has come back.
   *
   * @throws BudgetSpentError when there is nothing left for this caller now
   * @throws GmailApiError (`rate_limited`) while Google wants to be left alone by this mailbox
   */
  async spend(
    caller: GmailCaller,
    method: GmailMethod,
    calls = 1,
    however: { long?: boolean } = {},
  ): Promise<void> {
    const units = COSTS[method] * calls;
    const longest = however.long ? LONG : caller.priority === 'read' ? PATIENT : SHORT;
    const paid = await Promise.allSettled([
      this.pay(caller, 'mailbox', caller.mailboxId, units, longest),
      this.pay(caller, 'project', PROJECT, units, longest),
    ]);
    const failed = paid.find((one) => one.status === 'rejected');
    if (!failed) return this.metrics.quotaUnits.inc({ method }, units);
    // One without the other is of no use: it is left to the next who can pay both.
    for (const one of paid) if (one.status === 'fulfilled') this.purse.put(one.value.name, one.value);
    throw failed.reason;
  }

  /** Google refused for the rate: whoever is concerned asks nothing before the time that it named. */
  async heed({ mailboxId }: Pick<GmailCaller, 'mailboxId'>, refusal: GmailApiError): Promise<void> {
    const { retryAt, ofProject } = refusal.details;
    if (ofProject) {
      this.purse.empty(PROJECT);
      const until = await this.budgets.pause(PROJECT, retryAt);
      if (until)
        this.logger.warn({ until, mailboxId }, 'Google limits the whole project: every mailbox waits');
    } else if (retryAt) {
      this.purse.empty(mailboxId);
      await this.budgets.pauseUntil(mailboxId, retryAt);
    }
  }

  /** @returns what was paid, to be given back should it turn out to be of no use */
  private async pay(
    { priority, signal }: GmailCaller,
    kind: BudgetKind,
    name: string,
    units: number,
    longest: number,
  ): Promise<Permits & { name: string }> {
    // Only syncs draw ahead: they are to be quick, and most come in twos and threes.
    const isSync = priority === 'sync';
    const limit = kind === 'mailbox' ? this.settings.perMailbox : this.settings.perProject;
    const had = this.purse.take(name, isSync ? units : 0);
    const least = units - had.units;
    if (least === 0) return { ...had, name };
    const request = {
      name,
      least,
      wanted: least + (isSync ? Math.ceil(AHEAD[kind] * limit) : 0),
      ceiling: ceiling(priority, kind, limit),
      // A watch keeps the mail coming: it is worth a call that may be refused when others have used up the project.
      despitePause: priority === 'watch' && kind === 'project',
    };
    for (;;) {
      signal?.throwIfAborted();
      const { until } = this.purse.coins(0);
      const outcome = await this.draws.draw(request);
      if (outcome.wait === undefined) {
        this.purse.put(name, { units: outcome.granted - least, until });
        return { name, units, until: had.units > 0 ? had.until : until };
      }
      if (outcome.wait > longest) {
        this.purse.put(name, had);
        throw refusal(kind, outcome);
      }
      await delay(outcome.wait, undefined, { signal });
    }
  }
}

function refusal(kind: BudgetKind, { wait, paused }: Extract<DrawOutcome, { granted: 0 }>): GmailApiError {
  const retryAt = new Date(Date.now() + wait);
  return kind === 'mailbox' && paused
    ? new GmailApiError('rate_limited', 'Gmail asked to slow down; Inboxwire waits and goes on.', { retryAt })
    : new BudgetSpentError(kind, retryAt);
}
