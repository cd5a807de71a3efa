import fastify from 'fastify';
import type { DatabaseSettings } from '../config/settings';
import { ReadAdmissionHook } from './read-admission.hook';

describe(ReadAdmissionHook, () => {
  it.each([
    ['GET', '/v1/mailboxes', 8],
    ['DELETE', '/v1/mailboxes/:id', 8],
    ['POST', '/v1/mailboxes/:id/sync', 8],
    // It waits for Google.
    ['PUT', '/v1/mailboxes/:id/watch', 20],
  ] as const)('of twenty %s %s at once, with twenty connections, %i go on', async (method, url, expected) => {
    const server = fastify();
    const end = Promise.withResolvers<void>();
    let inside = 0;
    server.decorateRequest('caller', null as never);
    server.addHook('onRequest', async (request) => Object.assign(request, { caller: { id: 'key' } }));
    new ReadAdmissionHook({ poolSize: 20 } as DatabaseSettings).attach(server);
    server.route({
      method,
      url,
      handler: async () => {
        inside++;
        await end.promise;
        return {};
      },
    });
    const answers = Array.from({ length: 20 }, () =>
      server.inject({ method, url: url.replace(':id', 'mbx') }),
    );
    const all = Promise.all(answers);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(inside).toBe(expected);
    end.resolve();
    expect((await all).map(({ statusCode }) => statusCode)).toEqual(Array(20).fill(200));
    expect(inside).toBe(20);
    await server.close();
  });
});
