import { EventEmitter } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import type { EventRow } from '../log/event.row';
import { EventWindow } from './event-window';
import { BEGINNING, type LogPosition } from '../log/log-position';
import { StreamReader, type StreamSink, type StreamSource } from './stream-reader';

/** A response whose socket takes so many more writes. */
class Sink extends EventEmitter {
  readonly written: string[] = [];
  destroyed = false;
  takes = Infinity;

  get writableNeedDrain(): boolean {
    return this.takes <= 0;
  }

  write(chunk: Buffer | string): boolean {
    this.written.push(chunk.toString());
    return --this.takes > 0;
  }

  end(chunk: string): void {
    this.written.push(chunk);
    this.destroy();
  }

  destroy(): void {
    this.destroyed = true;
    this.emit('close');
  }

  drain(takes = Infinity): void {
    this.takes = takes;
    this.emit('drain');
  }

  get ids(): string[] {
    return this.written.flatMap((frame) => /^id: (.+)\ndata/.exec(frame)?.[1] ?? []);
  }
}

const position = (n: number): LogPosition => ({
  commitOrder: BigInt(n),
  position: BigInt(n),
  id: `evt_${n}`,
});
const row = (n: number): EventRow => ({
  id: `evt_${n}`,
  type: 'message.added',
  sequence: String(n),
  occurred_at: new Date(0),
  origin: 'live',
  mailbox_id: 'mbx_1',
  email_address: 'ada@example.com',
  external_id: null,
  data: {},
  commit_order: String(n),
  position: String(n),
});

describe(StreamReader, () => {
  let sink: Sink;
  let window: EventWindow;
  let stored: EventRow[];
  let pages: number;
  let passed: LogPosition[];
  let faults: unknown[];

  beforeEach(() => {
    sink = new Sink();
    window = new EventWindow(position(0), { events: 3, bytes: 1_000 });
    stored = [];
    pages = 0;
    passed = [];
    faults = [];
  });

  const append = (...numbers: number[]) => {
    stored.push(...numbers.map(row));
    window.append(
      numbers.map((n) => ({
        position: position(n),
        mailboxId: 'mbx_1',
        type: 'message.added',
        frame: Buffer.from(`id: evt_${n}\ndata: {}\n\n`),
      })),
    );
  };
  const source = (): StreamSource => ({
    get end() {
      return window.end;
    },
    after: (from) => window.after(from),
    page: (from) => {
      pages++;
      const rows = stored.filter((event) => BigInt(event.position) > from.position).slice(0, 2);
      return Promise.resolve({ rows, passed: rows.length === 0 ? passed.shift() : undefined });
    },
  });
  const reader = (from = position(0), types?: string[]) =>
    new StreamReader(
      sink as unknown as StreamSink,
      source(),
      { filter: { types }, position: from },
      (error) => void faults.push(error),
    );
  const ids = (...numbers: number[]) => numbers.map((n) => `evt_${n}`);

  it('follows from memory', () => {
    const following = reader();
    append(1, 2);
    following.wake();
    append(3);
    following.wake();
    expect(sink.ids).toEqual(ids(1, 2, 3));
    expect(pages).toBe(0);
  });

  it('stops at what the socket does not take, pages what has left memory meanwhile, and follows again', async () => {
    const slow = reader();
    sink.takes = 1;
    append(1, 2);
    slow.wake();
    append(3, 4, 5, 6);
    slow.wake();
    expect(sink.ids).toEqual(ids(1));
    sink.drain();
    await turn();
    append(7);
    slow.wake();
    await turn();
    expect(sink.ids).toEqual(ids(1, 2, 3, 4, 5, 6, 7));
    expect(pages).toBe(1);
  });

  it('is not sent again what it had before the log was read so far', () => {
    const ahead = reader(position(2));
    append(1, 2, 3);
    ahead.wake();
    expect(sink.ids).toEqual(ids(3));
  });

  it('catches up behind a filter that lets nothing through, and reports how far it has got', async () => {
    append(1, 2, 3, 4, 5);
    const filtered = reader(BEGINNING, ['mailbox.gap']);
    stored = [];
    filtered.wake();
    await turn();
    filtered.heartbeat();
    filtered.heartbeat();
    expect(sink.written).toEqual([': heartbeat\nid: evt_5\n\n', ': heartbeat\n\n']);
  });

  it('reads on in bounded pages while the filter lets nothing through, and reports for each how far it has got', async () => {
    append(1, 2, 3, 4, 5);
    const filtered = reader(BEGINNING, ['mailbox.gap']);
    stored = [];
    passed = [position(1), position(3), position(5)];
    filtered.wake();
    await turn();
    filtered.heartbeat();
    expect([pages, passed, sink.written]).toEqual([2, [position(5)], [': heartbeat\nid: evt_5\n\n']]);
  });

  it('is cut when nothing could be written for three heartbeats in a row', () => {
    const stuck = reader();
    append(1, 2);
    for (const breath of [true, false]) {
      sink.takes = 0;
      stuck.heartbeat();
      stuck.heartbeat();
      if (breath) sink.drain(1);
    }
    expect(sink.destroyed).toBe(false);
    stuck.heartbeat();
    expect(sink.destroyed).toBe(true);
    expect(sink.ids).toEqual(ids(1));
  });

  it('is cut when it cannot catch up, and says why', async () => {
    append(1, 2, 3, 4, 5);
    const lost = new StreamReader(
      sink as unknown as StreamSink,
      { ...source(), after: () => undefined, end: window.end, page: () => Promise.reject(new Error('gone')) },
      { filter: {}, position: position(0) },
      (error) => void faults.push(error),
    );
    lost.wake();
    await turn();
    expect(sink.destroyed).toBe(true);
    expect(faults).toEqual([new Error('gone')]);
  });

  it('says at the end where to go on and when to come back', () => {
    const ending = reader(position(0), ['mailbox.gap']);
    append(1, 2);
    ending.wake();
    ending.end(2_500);
    expect(sink.written.at(-1)).toMatch(/^: .+\nretry: 2500\nid: evt_2\n\n$/);
  });
});
