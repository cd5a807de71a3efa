import fc from 'fast-check';
import type { PushChaos } from '../../../src/local-google/pubsub/push-settings';
import type { Event, Mailbox } from '../../support/api-types';
import { connectMailbox } from '../../support/connection/connect-mailbox';
import { eventually } from '../../support/eventually';
import { checkAddresses } from '../../support/connection/check-addresses';
import { checkErasure } from '../../support/connection/check-erasure';
import { everyEventOf, logOf } from '../../support/event/mailbox-log';
import { pollLog } from '../../support/event/poll-log';
import { type AskedBackfills, checkBackfills, liveOf } from '../../support/sync/check-backfills';
import { chaos, LABELS, MAILBOXES, type Step, step } from '../../support/sync/property-steps';
import { inboxTruthOf, truthOf } from '../../support/sync/truth';
import { createTestApp, PUSH, type TestApp } from '../../support/test-app';

/** Four mailboxes for which every change counts, and one, of this number, that watches its INBOX. */
const INBOX_ONLY = 3;
/** How much mail each of them had before it was connected. */
const OLD_MESSAGES = 6;
const HOUR_MS = 3_600_000;
// A failing run prints its seed; set it here to repeat the run.
const SEED = Number(process.env.PROPERTY_SEED ?? Date.now() % 2 ** 31);

/** A mailbox of a run, and what was asked for of it. */
interface Box extends Mailbox {
  connectedAt: bigint;
  backfills: AskedBackfills;
  isErased: boolean;
  /** Every address that its account has had, the present one last. */
  addresses: string[];
}

describe.each([1, 2])('whatever happens to the pushes, on %i replica(s)', (replicas) => {
  let app: TestApp;
  let runs = 0;
  beforeAll(async () => {
    app = await createTestApp({ RECONCILE_INTERVAL: '250ms', MESSAGE_PAYLOAD: 'ids' });
    for (let i = 1; i < replicas; i++) {
      const { address } = await app.replica();
      // Pub/Sub does not care which replica a push reaches: here each comes to both.
      const audience = `${app.environment.PUBLIC_URL}/webhooks/gmail`;
      app.google.pushTo({ ...PUSH, url: `${address}/webhooks/gmail`, audience });
    }
  });
  afterAll(() => app?.close());

  it('the log of each mailbox is what happened in it, and a poller sees all of it in order', async () => {
    const run = fc.asyncProperty(fc.array(step, { minLength: 40, maxLength: 120 }), chaos, liveThrough);
    await fc.assert(run, { seed: SEED, numRuns: 3, endOnFailure: true });
  }, 60_000);

  async function liveThrough(steps: Step[], unruly: PushChaos): Promise<void> {
    const start = (await app.api.events()).at(-1)?.id;
    for (const subscription of app.google.topics.subscriptions) subscription.chaos = {};
    const boxes: Box[] = [];
    runs++;
    for (let i = 0; i < MAILBOXES; i++) {
      const address = `box-${runs}-${i}@example.com`;
      boxes.push(await connect(address, i === INBOX_ONLY ? ['INBOX'] : []));
    }
    for (const subscription of app.google.topics.subscriptions) subscription.chaos = unruly;
    const poller = pollLog(app, start);
    for (const one of steps) {
      if (one.kind === 'swap') swap(boxes[one.box]!, boxes[one.other]!);
      else await take(one, boxes[one.box]!);
    }

    const logs = await Promise.all(
      boxes.map((mailbox) => (mailbox.isErased ? logOfErased(mailbox) : logOfBackfilled(mailbox))),
    );
    for (const [index, log] of logs.entries()) {
      if (boxes[index]!.isErased) expect(checkErasure(log)).toBeUndefined();
      else {
        compare(log, boxes[index]!, index === INBOX_ONLY);
        expect(checkAddresses(log, boxes[index]!.addresses)).toBeUndefined();
      }
      expect(log.map(({ sequence }) => sequence)).toEqual(log.map((_, i) => i + 1));
    }
    const seen = await poller.until(logs.flat().length);
    const all = await app.api.events(start === undefined ? {} : { after: start });
    expect(seen).toEqual(all.map(({ id }) => id));
    expect(new Set(seen)).toEqual(new Set(logs.flat().map(({ id }) => id)));
    expect(new Set(seen).size).toBe(seen.length);
  }

  /** Connects an account that has mail already. */
  async function connect(address: string, labelIds: string[]): Promise<Box> {
    const account = app.google.addAccount(address);
    for (let n = OLD_MESSAGES; n > 0; n--)
      app.google.deliver(address, {
        labelIds: LABELS.slice(n % 2),
        internalDate: Date.now() - n * HOUR_MS,
      });
    const mailbox = await connectMailbox(app.google, app.api, address, { labelIds });
    const since = new Date(Date.now() - 2 * OLD_MESSAGES * HOUR_MS).toISOString();
    const backfills = { since, accepted: 0, unanswered: 0 };
    const addresses = [address];
    return { ...mailbox, connectedAt: account.historyId, backfills, isErased: false, addresses };
  }

  /** An administrator has given an account another address. */
  function noteAddress(mailbox: Box, emailAddress: string): void {
    mailbox.emailAddress = emailAddress;
    mailbox.addresses.push(emailAddress);
  }

  function swap(one: Box, other: Box): void {
    const addresses = [one.emailAddress, other.emailAddress] as const;
    if (one === other) return;
    app.google.swapAccounts(...addresses);
    noteAddress(one, addresses[1]);
    noteAddress(other, addresses[0]);
  }

  /** Asks for what was there before. Refused while one runs. */
  async function backfill({ id, backfills }: Box): Promise<boolean> {
    const asked = app.api.post(`/v1/mailboxes/${id}/backfill`, { since: backfills.since }, 202);
    const refusal = await asked.then(() => undefined, String);
    if (refusal !== undefined) expect(refusal).toContain('backfill_running');
    else backfills.accepted += 1;
    return refusal === undefined;
  }

  /** The log at the end, when a last backfill has ended too. */
  async function logOfBackfilled(mailbox: Box): Promise<Event[]> {
    await logOf(app, mailbox);
    await untilRenamed(mailbox);
    await eventually(() => backfill(mailbox), { timeout: 30_000 });
    const { id } = mailbox;
    await eventually(async () => (await app.api.get(`/v1/mailboxes/${id}`)).backfill === null, {
      timeout: 30_000,
    });
    return everyEventOf(app, id);
  }

  /** What nothing has announced is noticed by a sync that is asked for. */
  async function untilRenamed({ id, emailAddress }: Box): Promise<void> {
    await app.api.post(`/v1/mailboxes/${id}/sync`, undefined, 202);
    await eventually(() => app.api.get(`/v1/mailboxes/${id}`), {
      until: (mailbox) => mailbox.emailAddress === emailAddress,
      timeout: 30_000,
    });
  }

  async function logOfErased({ id }: Box): Promise<Event[]> {
    await eventually(async () => (await app.api.get(`/v1/mailboxes/${id}`)).status === 'erased', {
      timeout: 30_000,
    });
    return everyEventOf(app, id);
  }

  function compare(log: readonly Event[], { emailAddress, connectedAt, backfills }: Box, isInbox: boolean) {
    const truth = (isInbox ? inboxTruthOf : truthOf)(app, emailAddress);
    const since = truth.filter(({ historyId }) => BigInt(historyId) > connectedAt);
    const { reported, happened } = liveOf(log, since);
    expect(reported).toEqual(happened);
    const messages = [...app.google.mailbox(emailAddress).messages.values()];
    const shown = messages.filter(({ labelIds }) => !isInbox || labelIds.has('INBOX'));
    const held = new Map(shown.map(({ id, internalDate }) => [id, internalDate]));
    const changes = app.google.changes(emailAddress);
    const fault = checkBackfills(log, { asked: backfills, changes, connectedAt, held, isRepaired: false });
    expect(fault).toBeUndefined();
  }

  async function take(one: Exclude<Step, { kind: 'swap' }>, mailbox: Box): Promise<void> {
    const { google, api } = app;
    const { id, emailAddress } = mailbox;
    const present = [...google.mailbox(emailAddress).messages.keys()];
    const pick = (n: number) => present[n % present.length];
    switch (one.kind) {
      case 'deliver':
        google.deliver(emailAddress, { labelIds: one.labels });
        break;
      case 'relabel': {
        const message = pick(one.which);
        if (message)
          google.modify(emailAddress, message, { addLabelIds: one.add, removeLabelIds: one.remove });
        break;
      }
      case 'delete': {
        const message = pick(one.which);
        if (message) google.delete(emailAddress, message);
        break;
      }
      case 'several': {
        const [gone, changed] = [pick(one.which), pick(one.which + 1)];
        if (!gone || !changed || gone === changed) break;
        const labelsAdded = [{ id: changed, labelIds: one.labels }];
        google.record(emailAddress, { added: [{ labelIds: one.labels }], labelsAdded, deleted: [gone] });
        break;
      }
      case 'silent':
        google.silentChange(emailAddress);
        break;
      case 'lag':
        google.lagHistory(emailAddress, { calls: 2 });
        break;
      case 'tokens':
        google.killAccessTokens(emailAddress);
        break;
      case 'ask':
        if (!mailbox.isErased) await api.post(`/v1/mailboxes/${id}/sync`, undefined, 202);
        break;
      case 'backfill':
        if (!mailbox.isErased) await backfill(mailbox);
        break;
      case 'rename': {
        const address = `renamed-${mailbox.addresses.length}-${mailbox.addresses[0]}`;
        google.renameAccount(emailAddress, address);
        noteAddress(mailbox, address);
        break;
      }
      case 'erase':
        mailbox.isErased = true;
        await api.delete(`/v1/mailboxes/${id}?erase=true`, 202);
        break;
      case 'read':
        // Time passes, and syncs run between the changes.
        await api.get(`/v1/mailboxes/${id}`);
    }
  }
});
