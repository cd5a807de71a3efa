import type { FastifyInstance } from 'fastify';
import { STREAM_ROUTE } from '../common/stream-route';
import type { Metrics } from './metrics';

/** Measures every request that is answered. Paths count by their pattern: unknown paths make no series. */
export function measureRequests(server: FastifyInstance, metrics: Metrics): void {
  server.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? '(none)';
    const status = `${Math.floor(reply.statusCode / 100)}xx`;
    // How long a stream lasted says nothing.
    if (route !== STREAM_ROUTE)
      metrics.requests.observe({ route, method: request.method, status }, reply.elapsedTime / 1_000);
    done();
  });
}
