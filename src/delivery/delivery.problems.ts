import { EXAMPLE_ID } from '../common/http/example-ids';
import { InvalidValueError, NotFoundError } from '../common/inboxwire.error';

/** What the routes of endpoints can be answered with, for their description. */
export const ENDPOINT_NOT_FOUND = new NotFoundError('endpoint', EXAMPLE_ID.endpoint);

export const ENDPOINT_URL_FORBIDDEN = new InvalidValueError(
  'url',
  '10.0.0.7 is on a loopback, private or otherwise internal address. Set ALLOW_PRIVATE_ENDPOINTS=true if that is meant.',
  'endpoint_url_forbidden',
);
