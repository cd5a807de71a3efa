import type { Patience } from './patience';

/** On whose behalf Gmail is asked, and what for: this decides who goes first when the quota is short. */
export interface GmailCaller {
  mailboxId: string;
  priority: Priority;
  signal?: AbortSignal;
  /** Without it, a call that the quota does not allow right now fails at once. */
  patience?: Patience;
  /** What the caller occupies: it learns of each call, and may be lent to others while Google does not answer. */
  place?: { during<T>(call: () => Promise<T>): Promise<T> };
}

/**
 * What the calls cost in quota units, in force since 2026-05-01. A batch costs what its calls cost.
 * @see https://developers.google.com/workspace/gmail/api/reference/quota
 */
export const COSTS = {
  'users.getProfile': 1,
  'users.history.list': 2,
  'users.labels.list': 1,
  'users.messages.get': 20,
  'users.messages.attachments.get': 20,
  'users.messages.list': 5,
  'users.messages.modify': 5,
  'users.stop': 50,
  'users.watch': 100,
} as const;

export type GmailMethod = keyof typeof COSTS;

/**
 * What a call is for, the most urgent first: keeping a watch; reading what is new; what an application reads; repairing a
 * gap; a backfill; building a snapshot.
 */
export type Priority = 'watch' | 'sync' | 'read' | 'repair' | 'backfill' | 'snapshot';

/** The two budgets of every call: that of its mailbox and that of the project. */
export type BudgetKind = 'mailbox' | 'project';

/**
 * Up to which share of a budget a call of this priority may go; the rest is kept for those before it. A repair is the sync
 * of its mailbox, so within the mailbox only watches go first; in the project it yields to the syncs of other mailboxes. An
 * application that reads without end holds up no sync.
 */
const SHARES: Record<Priority, Record<BudgetKind, number>> = {
  watch: { mailbox: 1, project: 1 },
  sync: { mailbox: 0.95, project: 0.95 },
  read: { mailbox: 0.9, project: 0.9 },
  repair: { mailbox: 0.95, project: 0.5 },
  backfill: { mailbox: 0.8, project: 0.4 },
  snapshot: { mailbox: 0.5, project: 0.5 },
};

/** @returns units up to which calls of this priority may fill the budget */
export function ceiling(priority: Priority, kind: BudgetKind, limit: number): number {
  return Math.floor(SHARES[priority][kind] * limit);
}
