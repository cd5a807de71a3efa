import fastify from 'fastify';
import { Pool } from 'pg';
import { readPushedHint, type WrappedPush } from './read-pushed-hint';

export interface UpdatingOrder {
  databaseUrl: string;
}

/** As many as the service may hold. */
const CONNECTIONS = 20;

/** Prepared once for each connection. The ids only grow, so that each push writes, as it does in the service. */
const UPDATE = {
  name: 'record',
  text: `UPDATE bench_cursors SET
           last_notification_at = now(), notified_history_id = greatest(notified_history_id, $2::bigint)
         WHERE email_address = $1`,
};

/** What one would write first: decode, one UPDATE for each push, 204 when it is committed. It verifies nothing. */
async function serve({ databaseUrl }: UpdatingOrder): Promise<string> {
  const pool = new Pool({ connectionString: databaseUrl, max: CONNECTIONS });
  const app = fastify();
  app.post<{ Body: WrappedPush }>('/push', async (request, reply) => {
    const { emailAddress, historyId } = readPushedHint(request.body);
    await pool.query({ ...UPDATE, values: [emailAddress, historyId] });
    return reply.code(204).send();
  });
  return app.listen({ port: 0, host: '127.0.0.1' });
}

process.once(
  'message',
  (order: UpdatingOrder) => void serve(order).then((origin) => process.send!(`${origin}/push`)),
);
process.once('disconnect', () => process.exit(0));
