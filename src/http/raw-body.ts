import type { FastifyInstance, FastifyRequest } from 'fastify';
import { InvalidValueError } from '../common/inboxwire.error';
import { EncodedBodyError, NotJsonError, NotUtf8Error } from './http.errors';
import { parseJson } from './parse-json';

const UTF8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Bodies are objects in JSON, except on three routes.
 *
 * @param raw the path of one whose sender may use any content type or none: it gets the bytes
 * @param anyJson the path of one that takes lists and whatever else is JSON
 * @param unread the path of a page whose button is all of its form: fields that a browser adds are passed over
 */
export function acceptBodies(
  server: FastifyInstance,
  { raw, anyJson, unread }: Record<'raw' | 'anyJson' | 'unread', string>,
): void {
  // Fastify refuses what is no media type at all before any parser is asked.
  server.addHook('onRequest', (request, _reply, done) => {
    if (request.routeOptions.url === raw) delete request.raw.headers['content-type'];
    done();
  });
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    const route = request.routeOptions.url;
    if (route === raw) return done(null, body);
    if (leadsNowhere(request)) return done(null, undefined);
    const read = route === anyJson ? parseJson : readObject;
    try {
      done(null, body.length === 0 ? undefined : read(textOf(request, body as Buffer)));
    } catch (error) {
      done(error as Error);
    }
  });
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (request, body, done) => {
    if (request.routeOptions.url === raw) return done(null, body);
    // An empty body of any type is no body; anything else has to say that it is JSON.
    if (body.length === 0 || request.routeOptions.url === unread || leadsNowhere(request))
      return done(null, undefined);
    done(new NotJsonError());
  });
}

/** A path that is not there is reported as that, whatever is sent to it. */
function leadsNowhere({ is404, routeOptions }: FastifyRequest): boolean {
  return is404 || routeOptions.url?.endsWith('*') === true;
}

/**
 * JSON is UTF-8. Text in another encoding would be kept with every letter that is not ASCII lost. A byte order mark, which some
 * programs of Windows put before it, is passed over.
 */
function textOf(request: FastifyRequest, body: Buffer): string {
  if (request.headers['content-encoding'] && request.headers['content-encoding'] !== 'identity')
    throw new EncodedBodyError();
  try {
    return UTF8.decode(body);
  } catch (error) {
    throw new NotUtf8Error(error);
  }
}

/** Nothing else has fields that could be checked; `null` would even pass for an empty object. */
function readObject(text: string): object {
  const value = parseJson(text);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new InvalidValueError('', 'The body must be a JSON object.');
}
