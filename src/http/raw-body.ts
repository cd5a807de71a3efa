import type { FastifyInstance } from 'fastify';
import { InvalidValueError } from '../common/inboxwire.error';
import { NotJsonError } from './http.errors';
import { parseJson } from './parse-json';

/**
 * Bodies are JSON, except on one route whose sender may use any content type or none: that one gets the bytes.
 *
 * @param route the path of that route
 */
export function acceptRawBodies(server: FastifyInstance, route: string): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    if (request.routeOptions.url === route) return done(null, body);
    try {
      done(null, body.length === 0 ? undefined : readObject(body.toString()));
    } catch (error) {
      done(error as Error);
    }
  });
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (request, body, done) => {
    if (request.routeOptions.url === route) return done(null, body);
    // An empty body of any type is no body; anything else has to say that it is JSON.
    if (body.length === 0) return done(null, undefined);
    done(new NotJsonError());
  });
}

/** Nothing else has fields that could be checked; `null` would even pass for an empty object. */
function readObject(text: string): object {
  const value = parseJson(text);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new InvalidValueError('', 'The body must be a JSON object.');
}
