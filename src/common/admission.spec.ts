import { OverloadedError } from './inboxwire.error';
import { Admission } from './admission';

describe(Admission, () => {
  const admission = (limits = {}) =>
    new Admission({ maxAtOnce: 2, maxWaiting: 10, maxWaitMs: 1_000, ...limits });

  it('lets in who waits when somebody leaves, by turns of the callers', async () => {
    const two = admission();
    const leaves = [await two.enter('a'), await two.enter('a')];
    const order: string[] = [];
    const come = (caller: string) =>
      two.enter(caller).then((leave) => {
        order.push(caller);
        leaves.push(leave);
      });
    const all = [come('a'), come('a'), come('a'), come('b'), come('c')];
    for (let n = 0; n < 5; n++) {
      leaves.shift()!();
      await new Promise(setImmediate);
    }
    await Promise.all(all);
    expect(order).toEqual(['a', 'b', 'c', 'a', 'a']);
  });

  it('gives a place back once, however often it is left', async () => {
    const two = admission({ maxWaiting: 0 });
    const leave = await two.enter('a');
    leave();
    leave();
    await two.enter('a');
    await two.enter('a');
    await expect(two.enter('a')).rejects.toThrow(OverloadedError);
  });

  it('refuses who has waited too long, and goes on with the others', async () => {
    const two = admission({ maxAtOnce: 1, maxWaitMs: 20 });
    const leave = await two.enter('a');
    await expect(two.enter('b')).rejects.toThrow(/Try again/);
    const waiting = two.enter('c');
    leave();
    (await waiting)();
    await two.enter('d');
  });
});
