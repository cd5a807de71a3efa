import fc from 'fast-check';
import type { PushChaos } from '../../../src/local-google/pubsub/push-settings';
import type { Mailbox } from '../../support/api-types';
import { connectMailbox } from '../../support/connection/connect-mailbox';
import { eventually } from '../../support/eventually';
import { logOf, messageEvents } from '../../support/event/mailbox-log';
import { reportedChanges, inboxTruthOf, truthOf } from '../../support/sync/truth';
import { createTestApp, PUSH, type TestApp } from '../../support/test-app';

/** Three mailboxes for which every change counts, and one that watches its INBOX. */
const MAILBOXES = 4;
const INBOX_ONLY = 3;
const LABELS = ['INBOX', 'UNREAD', 'STARRED', 'IMPORTANT'];
// A failing run prints its seed; set it here to repeat the run.
const SEED = Number(process.env.PROPERTY_SEED ?? Date.now() % 2 ** 31);

const box = fc.nat(MAILBOXES - 1);
const which = fc.nat(50);
const labels = fc.subarray(LABELS, { minLength: 1 });
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('deliver' as const), box, labels }) },
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant('relabel' as const), box, which, add: labels, remove: labels }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('delete' as const), box, which }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('several' as const), box, which, labels }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constantFrom('silent', 'lag', 'tokens', 'ask', 'read'), box }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

const probability = fc.constantFrom(0, 0.2, 0.6);
const chaos: fc.Arbitrary<PushChaos> = fc.record({
  ...{ drop: fc.constantFrom(0, 0.3, 1), duplicate: probability, delay: probability, reorder: probability },
  holdMs: fc.constantFrom(5, 100),
});

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
    const mailboxes: Mailbox[] = [];
    runs++;
    for (let i = 0; i < MAILBOXES; i++) {
      const address = `box-${runs}-${i}@example.com`;
      app.google.addAccount(address);
      const mailbox = await connectMailbox(app.google, app.api, address);
      if (i !== INBOX_ONLY) await app.api.put(`/v1/mailboxes/${mailbox.id}/watch`, { labelIds: [] });
      mailboxes.push(mailbox);
    }
    for (const subscription of app.google.topics.subscriptions) subscription.chaos = unruly;
    const poller = poll(start);
    for (const one of steps) await take(one, mailboxes[one.box]!);

    const logs = [];
    for (const mailbox of mailboxes) logs.push(await logOf(app, mailbox));
    for (const [index, log] of logs.entries()) {
      const { emailAddress } = mailboxes[index]!;
      const truth = index === INBOX_ONLY ? inboxTruthOf(app, emailAddress) : truthOf(app, emailAddress);
      expect(reportedChanges(messageEvents(log))).toEqual(truth);
      expect(log.map(({ sequence }) => sequence)).toEqual(log.map((_, i) => i + 1));
    }
    const seen = await poller.until(logs.flat().length);
    const all = await app.api.events(start === undefined ? {} : { after: start });
    expect(seen).toEqual(all.map(({ id }) => id));
    expect(new Set(seen)).toEqual(new Set(logs.flat().map(({ id }) => id)));
    expect(new Set(seen).size).toBe(seen.length);
  }

  async function take(one: Step, { id, emailAddress }: Mailbox): Promise<void> {
    const { google, api } = app;
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
        await api.post(`/v1/mailboxes/${id}/sync`, undefined, 202);
        break;
      case 'read':
        // Time passes, and syncs run between the changes.
        await api.get(`/v1/mailboxes/${id}`);
    }
  }

  /** Reads the list as an application does, page by page, while the writers commit. */
  function poll(after: string | undefined) {
    const seen: string[] = [];
    let wanted = Infinity;
    const done = (async () => {
      let cursor = after;
      await eventually(
        async () => {
          const limit = String(1 + (seen.length % 7));
          const parameters = new URLSearchParams({ limit, ...(cursor !== undefined && { after: cursor }) });
          const { data, nextCursor } = await app.api.get(`/v1/events?${parameters.toString()}`);
          seen.push(...data.map(({ id }) => id));
          cursor = nextCursor ?? undefined;
          return seen.length >= wanted;
        },
        { timeout: 30_000 },
      );
    })();
    // Awaited below; a failure before that must not be an unhandled one.
    done.catch(() => undefined);
    return {
      until: async (count: number) => {
        wanted = count;
        await done;
        return seen;
      },
    };
  }
});
