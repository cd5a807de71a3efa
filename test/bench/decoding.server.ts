import fastify from 'fastify';
import { readPushedHint, type WrappedPush } from './read-pushed-hint';

/** The yardstick: the least that any receiver of pushes does. It verifies nothing and stores nothing. */
async function serve(): Promise<string> {
  const app = fastify();
  app.post<{ Body: WrappedPush }>('/push', (request, reply) => {
    readPushedHint(request.body);
    return reply.code(204).send();
  });
  return app.listen({ port: 0, host: '127.0.0.1' });
}

process.once('message', () => void serve().then((origin) => process.send!(`${origin}/push`)));
process.once('disconnect', () => process.exit(0));
