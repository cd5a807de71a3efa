import type { FastifyInstance } from 'fastify';
import type { Metrics } from './metrics';

/** Lasts as long as its reader likes: that says nothing. */
const STREAM = '/v1/events/stream';

/** Measures every request that is answered. Paths are told by their pattern: what strangers ask for makes no series. */
export function measureRequests(server: FastifyInstance, metrics: Metrics): void {
  server.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? '(none)';
    const status = `${Math.floor(reply.statusCode / 100)}xx`;
    if (route !== STREAM)
      metrics.requests.observe({ route, method: request.method, status }, reply.elapsedTime / 1_000);
    done();
  });
}
