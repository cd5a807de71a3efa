import type { SyncClaim } from './cursor/sync.types';
import { SyncLanes } from './sync-lanes';

const of = (lane: SyncClaim['lane']) => ({ lane }) as SyncClaim;

describe(SyncLanes.name, () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  const begin = (lanes: SyncLanes, lane: SyncClaim['lane']) => {
    const answer = Promise.withResolvers<void>();
    const run = lanes.run(of(lane), async (place) => {
      await place.during(() => answer.promise);
      return null;
    });
    return { answer: answer.resolve, run };
  };

  it('lends the place of a sync that waits for Google, and takes it back with the answer', async () => {
    const onLent = jest.fn();
    const lanes = new SyncLanes(onLent);
    const { answer, run } = begin(lanes, 'news');
    expect(lanes.free().news).toBe(31);
    jest.advanceTimersByTime(999);
    expect([lanes.free().news, onLent.mock.calls.length]).toEqual([31, 0]);
    jest.advanceTimersByTime(1);
    expect([lanes.free().news, onLent.mock.calls.length]).toEqual([32, 1]);
    answer();
    await run;
    expect(lanes.free().news).toBe(32);
    jest.advanceTimersByTime(10_000);
    expect(onLent).toHaveBeenCalledTimes(1);
  });

  it('lends nothing of a sync whose calls are answered soon, however many there are', async () => {
    const onLent = jest.fn();
    const lanes = new SyncLanes(onLent);
    const run = lanes.run(of('news'), async (place) => {
      for (let call = 0; call < 5; call++) await place.during(() => jest.advanceTimersByTimeAsync(900));
      return null;
    });
    await run;
    expect(onLent).not.toHaveBeenCalled();
  });

  it('counts a sync once, whose calls hang together, and one that has given a call up not at all', async () => {
    const lanes = new SyncLanes(() => undefined);
    const never = new Promise<void>(() => undefined);
    const run = lanes.run(of('news'), async (place) => {
      void place.during(() => never);
      void place.during(() => never);
      await jest.advanceTimersByTimeAsync(2_000);
      expect(lanes.free().news).toBe(32);
      void place.during(() => never);
      return null;
    });
    await run;
    await jest.advanceTimersByTimeAsync(2_000);
    expect(lanes.free().news).toBe(32);
  });

  it('lends so many places at most, and counts those that it has got back', async () => {
    const lanes = new SyncLanes(() => undefined);
    const syncs = Array.from({ length: 1_040 }, () => begin(lanes, 'news'));
    jest.advanceTimersByTime(1_000);
    expect(lanes.free().news).toBe(0);
    const [first] = syncs;
    first!.answer();
    await first!.run;
    for (const { answer } of syncs) answer();
    await Promise.all(syncs.map(({ run }) => run));
    expect(lanes.free()).toEqual({ news: 32, reconcile: 8, repair: 16 });
  });

  it('lends places sooner when many are lent already', () => {
    const lanes = new SyncLanes(() => undefined);
    for (let n = 0; n < 32; n++) begin(lanes, 'news');
    jest.advanceTimersByTime(1_000);
    for (let n = 0; n < 32; n++) begin(lanes, 'news');
    expect(lanes.free().news).toBe(0);
    jest.advanceTimersByTime(200);
    expect(lanes.free().news).toBe(32);
  });

  it('lends no place of what is not urgent', () => {
    const lanes = new SyncLanes(() => undefined);
    for (const lane of ['reconcile', 'repair'] as const) begin(lanes, lane);
    jest.advanceTimersByTime(5_000);
    expect(lanes.free()).toEqual({ news: 32, reconcile: 7, repair: 15 });
  });

  describe('hands over', () => {
    const claims = (count: number) => () => Promise.resolve(Array.from({ length: count }, () => of('news')));

    it('as many mailboxes as have a place, once nothing waits for one', async () => {
      const lanes = new SyncLanes(() => undefined);
      expect(lanes.reserve()).toBe(0);
      await lanes.claim(claims(0));
      expect(lanes.reserve()).toBe(32);
      expect([lanes.reserve(), lanes.free().news]).toEqual([0, 0]);
      lanes.release(32);
      const { answer, run } = begin(lanes, 'news');
      expect(lanes.reserve()).toBe(31);
      answer();
      await run;
    });

    it('nothing while news may wait for a place, also for one that was kept', async () => {
      const lanes = new SyncLanes(() => undefined);
      await lanes.claim(claims(32));
      expect([lanes.mayNewsWait, lanes.reserve()]).toEqual([true, 0]);
      await lanes.claim(claims(31));
      expect([lanes.mayNewsWait, lanes.reserve()]).toEqual([false, 32]);
      const free = jest.fn(claims(0));
      await lanes.claim(free);
      expect(free).toHaveBeenCalledWith({ news: 0, reconcile: 8, repair: 16 });
      expect(lanes.mayNewsWait).toBe(true);
    });
  });
});
