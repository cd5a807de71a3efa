import { Logger } from '@nestjs/common';
import { WorkLoop } from './work-loop';

describe(WorkLoop, () => {
  beforeEach(() => void jest.spyOn(Logger.prototype, 'warn').mockReturnValue());
  afterEach(() => jest.restoreAllMocks());

  it('renews the claims of running items only, not of one whose run has ended', async () => {
    const due = ['ends', 'lasts'];
    const end = Promise.withResolvers<void>();
    const renewed = Promise.withResolvers<string[]>();
    const loop = new WorkLoop<string>('test', {
      concurrency: 2,
      pollInterval: 1_000,
      claim: async (limit) => due.splice(0, limit),
      run: (item) => (item === 'ends' ? Promise.reject(new Error('the database is away')) : end.promise),
      heartbeat: { interval: 1, renew: async (running) => renewed.resolve(running) },
      shutdownTimeout: 1_000,
    });
    loop.start();
    expect(await renewed.promise).toEqual(['lasts']);
    end.resolve();
    await loop.stop();
  });
});
