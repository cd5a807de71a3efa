import { Logger } from '@nestjs/common';
import { WorkLoop } from './work-loop';

describe(WorkLoop, () => {
  it('renews the claims of running items only, not of one whose run has ended', async () => {
    const due = ['ends', 'lasts'];
    const end = Promise.withResolvers<void>();
    const renewed = Promise.withResolvers<string[]>();
    const loop = new WorkLoop<string>({
      name: 'test',
      concurrency: 2,
      pollInterval: 1_000,
      claim: async (limit) => due.splice(0, limit),
      run: (item) => (item === 'ends' ? Promise.reject(new Error('the database is away')) : end.promise),
      heartbeat: { interval: 1, renew: async (running) => renewed.resolve(running) },
      logger: Object.assign(new Logger(), { warn: () => undefined }),
    });
    loop.start();
    expect(await renewed.promise).toEqual(['lasts']);
    end.resolve();
    await loop.stop(1_000);
  });
});
