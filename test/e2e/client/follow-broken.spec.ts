import { collectGarbage } from '../../support/client/collect-garbage';
import { eventually } from '../../support/eventually';
import { FollowedLog } from '../../support/client/followed-log';
import { take } from '../../support/client/take';

describe('following events with the client when connections break', () => {
  let log: FollowedLog;
  beforeAll(async () => {
    log = await FollowedLog.start();
    // So that the client waits for a twentieth of its longest wait at most.
    const { random: real } = Math;
    jest.spyOn(Math, 'random').mockImplementation(() => real() / 20);
  });
  afterEach(async () => {
    log.leave();
    log.proxy.breakAfter = undefined;
    await log.proxy.cut();
    await log.proxy.restore();
  });
  afterAll(() => log?.stop());

  it.each([
    ['in an empty log', 0],
    ['in a log with events', 2],
  ])('loses nothing when that happens before the first event, %s', async (_, before) => {
    await log.empty();
    if (before) await log.append(before);
    const coming = take(log.begin(), 2);
    await log.begun(1);
    await log.proxy.cut();
    const missed = await log.append(2);
    await log.proxy.restore();
    expect(await coming).toEqual(missed);
    expect(log.retries.length).toBeGreaterThan(0);
  });

  it('begins at the beginning of an empty log, whenever that is written to', async () => {
    await log.empty();
    const client = log.client(async (request) => {
      // Between the question for the oldest event, which there is none of, and the stream.
      if (request.url.includes('/stream') && log.streams === 0) await log.append(2);
      return fetch(request);
    });
    expect(await take(log.begin({ after: 'beginning' }, client), 2)).toEqual(await log.list());
    expect(log.retries).toEqual([]);
  });

  it('goes on after the last event when the service has been restarted', async () => {
    const events = log.begin();
    const coming = take(events, 1);
    await log.begun(1);
    expect(await log.append()).toEqual(await coming);
    const pending = take(events, 2);
    await log.replica.stop();
    await eventually(() => log.retries.length >= 2);
    await log.startAgain();
    expect(await log.append(2)).toEqual(await pending);
  });

  it('gives an event once, and whole, when that happens in the middle of it', async () => {
    const [start, ...large] = await log.append(4, log.ada, 'message.deleted', 50_000);
    // One whole event and half of the next.
    log.proxy.breakAfter = () => 75_000;
    expect(await take(log.begin({ after: start!.id }), 3)).toEqual(large);
    expect(log.streams).toBe(3);
  });

  it('gives up a connection that has fallen silent, also one that is not answered', async () => {
    const coming = take(log.begin({ silenceLimit: 400 }), 1);
    await log.begun(1);
    log.proxy.swallow();
    // fetch holds the signals that it is given weakly.
    collectGarbage();
    const [missed] = await log.append();
    await eventually(() => log.retries.length >= 2);
    expect(log.retries[0]!.error).toEqual(new Error('The stream was silent for 400 ms.'));
    log.proxy.spare();
    expect(await coming).toEqual([missed]);
  });

  it('ends with the problem when its place has left the log meanwhile', async () => {
    await log.empty();
    const [first, second] = await log.append(2);
    const events = log.begin({ after: first!.id });
    expect(await take(events, 1)).toEqual([second]);
    await log.proxy.cut();
    const pending = take(events, 1);
    await log.database.dataSource.query('DELETE FROM events WHERE id = $1', [second!.id]);
    await log.proxy.restore();
    await expect(pending).rejects.toMatchObject({ code: 'cursor_expired', oldestEventId: first!.id });
  });

  it.each([
    ['while nothing comes', () => log.begun(1)],
    [
      'while it waits',
      async () => {
        await log.proxy.cut();
        await eventually(() => log.retries.length > 0);
      },
    ],
  ])('ends without an error when it is aborted %s', async (_, until) => {
    const stop = new AbortController();
    const ended = log.begin({ signal: stop.signal }).next();
    await until();
    collectGarbage();
    stop.abort();
    expect(await ended).toEqual({ done: true, value: undefined });
    expect(await log.begin({ signal: stop.signal }).next()).toEqual({ done: true, value: undefined });
    await eventually(() => log.open === 0);
  });

  it('reports a position that its filter does not hold back', async () => {
    const filtered = log.follow({ types: ['mailbox.gap'] });
    const [nothing, all] = [take(filtered[Symbol.asyncIterator](), 1), take(log.begin(), 2)];
    nothing.catch(() => undefined);
    await log.begun(2);
    const [, last] = await log.append(2);
    // Who reads with a filter has then read as far as who reads without, and learns that at the end.
    await all;
    await log.replica.stop();
    await eventually(() => filtered.position === last!.id);
  });
});
