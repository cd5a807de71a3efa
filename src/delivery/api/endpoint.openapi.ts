import { EXAMPLE_ID } from '../../http/problem';
import { encodeCursor } from '../../http/page';
import type { CreatedEndpointDto, EndpointDto, EndpointPageDto } from './endpoint.dto';
import { InvalidValueError, NotFoundError } from '../../common/inboxwire.error';

/** What the routes of endpoints can be answered with, for their description. */
export const ENDPOINT_NOT_FOUND = new NotFoundError('endpoint', EXAMPLE_ID.endpoint);

export const ENDPOINT_URL_FORBIDDEN = new InvalidValueError(
  'url',
  '10.0.0.7 is on a loopback, private or otherwise internal address. Set ALLOW_PRIVATE_ENDPOINTS=true if that is meant.',
  'endpoint_url_forbidden',
);

export const ENDPOINT: EndpointDto = {
  id: EXAMPLE_ID.endpoint,
  url: 'https://app.example.com/inboxwire',
  eventTypes: ['message.added', 'message.deleted'],
  mailboxIds: [EXAMPLE_ID.mailbox],
  ordering: 'mailbox',
  description: 'CRM, production',
  status: 'enabled',
  disabledReason: null,
  createdAt: '2026-11-22T09:02:44.018Z',
};

export const ENDPOINT_WITH_SECRET: CreatedEndpointDto = {
  ...ENDPOINT,
  secret: 'whsec_2b7C0d9f8kq1mVw4Xz6Tn3Lr5Yp0Hs8Jg2Ua7Ec9Iwk=',
};

export const ENDPOINT_PAGE: EndpointPageDto = { data: [ENDPOINT], nextCursor: encodeCursor(ENDPOINT.id) };
