import { LocalGoogle } from '../../../src/local-google/local-google';
import { ChangeLedger, type ReceivedEvent } from './change-ledger';

const ADA = 'ada@example.com';

describe(ChangeLedger.name, () => {
  let google: LocalGoogle;
  let ledger: ChangeLedger;
  /** What a faultless gateway reports of the changes. */
  let reported: ReceivedEvent[];

  beforeEach(async () => {
    google = await LocalGoogle.start({ clientId: 'client', clientSecret: 'secret', projectId: 'project' });
    google.addAccount(ADA);
    ledger = new ChangeLedger(google);
    let mail = { id: '' };
    ledger.make(ADA, () => (mail = google.deliver(ADA)));
    ledger.make(ADA, () => google.trash(ADA, mail.id));
    const types = ['message.added', 'message.labels_added', 'message.labels_removed'];
    reported = google.changes(ADA).map(({ historyId, messageId }, i) => ({
      id: `evt_${i}`,
      type: types[i]!,
      sequence: 7 + i,
      mailbox: { id: 'mbx_1', emailAddress: ADA },
      data: { historyId, messageId },
    }));
  });

  afterEach(() => google.stop());

  const receive = (...order: number[]) => order.forEach((i) => ledger.receive(reported[i]!));

  it('finds no fault when every change comes once and in order', () => {
    receive(0, 1, 2);
    expect(ledger).toMatchObject({ made: 3, missing: 0, faultless: true });
    expect(ledger.latencies).toHaveLength(3);
  });

  it('misses what has not come', () => {
    receive(0, 1);
    expect(ledger).toMatchObject({ missing: 1, faultless: false });
  });

  it('accepts an event of an endpoint, which is of no mailbox', () => {
    receive(0, 1);
    const test = { id: 'evt_test', type: 'endpoint.test', sequence: null, mailbox: null, data: {} };
    expect(ledger.receive(test)).toEqual({ latencyMs: undefined, doubled: false, outOfOrder: false });
    receive(2);
    expect(ledger).toMatchObject({ missing: 0, faultless: true });
  });

  it('accepts a mail that somebody sends from the page, and sees when it comes twice', () => {
    receive(0, 1, 2);
    const { id: messageId, historyId } = google.deliver(ADA);
    const event = { ...reported[0]!, id: 'evt_9', sequence: 10, data: { messageId, historyId } };
    ledger.receive(event);
    expect(ledger).toMatchObject({ made: 3, received: 4, faultless: true });
    ledger.receive({ ...event, id: 'evt_10', sequence: 11 });
    expect(ledger).toMatchObject({ doubled: 1, faultless: false });
  });

  it('sees a hole', () => {
    receive(0, 2);
    expect(ledger).toMatchObject({ missing: 1, outOfOrder: 1, faultless: false });
  });

  it('sees events that have changed places', () => {
    receive(0, 2, 1);
    expect(ledger).toMatchObject({ missing: 0, faultless: false });
    expect(ledger.outOfOrder).toBeGreaterThan(0);
  });

  it('sees an event that comes twice', () => {
    receive(0, 1, 1, 2);
    expect(ledger).toMatchObject({ missing: 0, doubled: 1, outOfOrder: 0, faultless: false });
  });

  it('sees two events for one change', () => {
    receive(0, 1, 2);
    ledger.receive({ ...reported[2]!, id: 'evt_other', sequence: 10 });
    expect(ledger).toMatchObject({ doubled: 1, faultless: false });
  });

  it('sees changes that the sequence orders differently from Gmail', () => {
    const [first, second, third] = reported;
    ledger.receive({ ...second!, sequence: 7 });
    ledger.receive({ ...first!, sequence: 8 });
    ledger.receive({ ...third!, sequence: 9 });
    expect(ledger).toMatchObject({ missing: 0, faultless: false });
  });
});
