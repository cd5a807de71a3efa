import { EventWindow, type WindowEntry } from './event-window';
import { BEGINNING, type LogPosition } from '../log/log-position';

const at = (commitOrder: number, position: number): LogPosition => ({
  commitOrder: BigInt(commitOrder),
  position: BigInt(position),
  id: `evt_${commitOrder}_${position}`,
});
const entry = (position: LogPosition, size = 10): WindowEntry => ({
  position,
  mailboxId: 'mbx_1',
  type: 'message.added',
  frame: Buffer.alloc(size),
});
const places = (entries: WindowEntry[] | undefined) => entries?.map(({ position }) => position.id);

describe(EventWindow, () => {
  const limits = { events: 3, bytes: 100 };

  it('gives what comes after a position, and nothing after its end or beyond', () => {
    const window = new EventWindow(BEGINNING, limits);
    expect(window.end).toBe(BEGINNING);
    // Positions are given out before transactions commit: the transaction's order counts.
    window.append([entry(at(1, 5)), entry(at(2, 3)), entry(at(2, 4))]);
    expect(places(window.after(BEGINNING))).toEqual(['evt_1_5', 'evt_2_3', 'evt_2_4']);
    expect(places(window.after(at(1, 5)))).toEqual(['evt_2_3', 'evt_2_4']);
    expect(places(window.after(at(2, 3)))).toEqual(['evt_2_4']);
    expect(places(window.after(at(2, 4)))).toEqual([]);
    expect(places(window.after(at(9, 9)))).toEqual([]);
    expect(window.end).toEqual(at(2, 4));
  });

  it('sends those to the database who have not read what left', () => {
    const window = new EventWindow(at(1, 1), limits);
    window.append([2, 3, 4, 5].map((position) => entry(at(1, position))));
    expect(window.after(at(1, 1))).toBeUndefined();
    expect(places(window.after(at(1, 2)))).toEqual(['evt_1_3', 'evt_1_4', 'evt_1_5']);
  });

  it('keeps to its bytes, but for an event that is larger than all of them', () => {
    const window = new EventWindow(BEGINNING, limits);
    window.append([entry(at(1, 1), 60), entry(at(1, 2), 60)]);
    expect(window.after(BEGINNING)).toBeUndefined();
    expect(places(window.after(at(1, 1)))).toEqual(['evt_1_2']);
    window.append([entry(at(1, 3), 500)]);
    expect(places(window.after(at(1, 2)))).toEqual(['evt_1_3']);
    window.append([entry(at(1, 4), 10)]);
    expect(places(window.after(at(1, 3)))).toEqual(['evt_1_4']);
  });
});
