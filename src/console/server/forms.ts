import type { FastifyInstance, FastifyRequest } from 'fastify';

const NO_FIELDS = new URLSearchParams();

/** Reads forms, and nothing else that could be sent from elsewhere without the browser asking first. */
export function readForms(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    (_request, body, done) => done(null, new URLSearchParams(String(body))),
  );
}

export function formOf({ body }: FastifyRequest): URLSearchParams {
  return body instanceof URLSearchParams ? body : NO_FIELDS;
}
