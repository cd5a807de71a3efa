import { applyDecorators } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiParam, ApiQuery } from '@nestjs/swagger';
import { ApiAnswers, ApiId, ApiProblems, type Response } from '../../http/api-problems';
import { NotFoundError } from '../../common/inboxwire.error';
import { EXAMPLE_ID } from '../../http/problem';
import { MALFORMED_PATH, UNAVAILABLE } from '../../http/request.openapi';
import { CONNECT_ERRORS, FOR_THE_OPERATOR } from '../connection.errors';
import { ConnectSessionDto, NewConnectSessionDto } from './connect-session.dto';

const NEW_CONNECT_SESSION: NewConnectSessionDto = {
  id: EXAMPLE_ID.connectSession,
  url: 'https://gateway.example.com/connect/4Jxk0a9Vq1mT7sYwNf2hRzCe8LdUoKb3PgWiX5tHvQE',
  secret: 'cnssec_V4dQ0mDk3wq6mJ0u7oYk5mZ2QyZ0o9d8c1rT2bXlGxA',
  expiresAt: '2026-11-22T09:14:10.421Z',
};

const CONNECT_SESSION: ConnectSessionDto = {
  id: EXAMPLE_ID.connectSession,
  status: 'used',
  mailboxId: EXAMPLE_ID.mailbox,
  lastError: null,
  externalId: 'customer-4711',
  redirectUrl: 'https://app.example.com/connected',
  createdAt: '2026-11-22T08:59:10.421Z',
  expiresAt: '2026-11-22T09:14:10.421Z',
  usedAt: '2026-11-22T09:01:55.108Z',
};

const page = (description: string, title: string, text: string): Response => ({
  description,
  content: {
    'text/html': {
      schema: { type: 'string' },
      example: `<!doctype html> … <h1>${title}</h1> <p>${text}</p> …`,
    },
  },
});

const failure = (description: string, code: keyof typeof CONNECT_ERRORS) =>
  page(description, 'The mailbox is not connected', CONNECT_ERRORS[code]);

const redirect = (
  description: string,
  location: string,
  headers: NonNullable<Response['headers']> = {},
): Response => ({
  description,
  headers: {
    Location: {
      description: 'Where to go on',
      required: true,
      schema: { type: 'string', format: 'uri' },
      example: location,
    },
    ...headers,
  },
});

/** A link that leads nowhere. */
const NO_LINK = {
  404: page('There is no such link', 'There is no such link', 'Check that the address is complete.'),
  410: failure(
    'The link has been used (`session_used`) or has expired (`session_expired`)',
    'session_expired',
  ),
};

const TO_GOOGLE = redirect(
  "To Google's consent page",
  'https://accounts.google.com/o/oauth2/v2/auth?client_id=42.apps.googleusercontent.com&response_type=code&prompt=consent&state=Jxk0a9Vq1m',
  {
    'Set-Cookie': {
      description: 'Only a browser that brings this cookie to the callback completes the session',
      required: true,
      schema: { type: 'string' },
      example:
        'inboxwire_cns_01h3z9c7jaf3c8rkhq5mn2wabc=9Tq1m; Path=/auth/google/callback; Max-Age=900; HttpOnly; SameSite=Lax',
    },
  },
);

const ApiLinkResponses = () =>
  ApiAnswers(
    {
      200: page(
        'With `CONNECT_PAGE=true`: who asks, for what, and a button that leads to Google by POST',
        'Connect your Gmail to Example',
        'Example asks for access to your Gmail.',
      ),
      302: TO_GOOGLE,
      ...NO_LINK,
    },
    MALFORMED_PATH,
    UNAVAILABLE,
  );

const ApiCallbackResponses = () =>
  ApiAnswers(
    {
      200: page(
        'The mailbox is connected, and there is no `redirectUrl`',
        'The mailbox is connected',
        'ada@example.com is connected. You can close this page.',
      ),
      302: redirect(
        'To the `redirectUrl`, with the `mailboxId`, or with an `error` (one of those of the pages below, or what Google said), and its `signature`',
        `https://app.example.com/connected?mailboxId=${EXAMPLE_ID.mailbox}&signature=1f6c0e9b7d45a2f38c61b0d94e7a53c28f10d6b4972e5ac3810f4d6b92e7c5a0`,
      ),
      400: failure(
        'The mailbox is not connected, and there is no `redirectUrl`. The page names why: `access_denied`, `insufficient_scope`, ' +
          '`missing_refresh_token`, `mail_service_not_enabled`, `account_mismatch`, `wrong_browser`, `invalid_request`, ' +
          '`invalid_code`, `invalid_id_token`, `invalid_state`, ' +
          '`google_error`, or another code of Google',
        'access_denied',
      ),
      410: failure(
        'The link has been used (`session_used`) or has expired (`session_expired`)',
        'session_used',
      ),
      502: page(
        'Only the operator can mend it, and the log says how: `gmail_api_not_enabled`, `oauth_client_invalid`, ' +
          '`oauth_client_deleted`, `oauth_client_disabled`, `oauth_client_unauthorized`, `org_internal`, ' +
          '`admin_policy_enforced`, `redirect_uri_mismatch`, `invalid_scope`, `token_refused`',
        'The mailbox is not connected',
        FOR_THE_OPERATOR,
      ),
      503: failure(
        'Google or something else could not be reached (`temporarily_unavailable`)',
        'temporarily_unavailable',
      ),
    },
    UNAVAILABLE,
  );

export const ApiCreateConnectSession = () =>
  applyDecorators(
    ApiOperation({
      operationId: 'createConnectSession',
      summary: 'Make a one-time link with which the owner of a mailbox connects it',
      description:
        'The label filter is that of the watch; what is left out stays as it was, or is the default of the settings.',
    }),
    ApiCreatedResponse({
      type: NewConnectSessionDto,
      description: 'The link, good for 15 minutes',
      example: NEW_CONNECT_SESSION,
    }),
  );

export const ApiGetConnectSession = () =>
  applyDecorators(
    ApiId('connect session', EXAMPLE_ID.connectSession),
    ApiOperation({
      operationId: 'getConnectSession',
      summary: 'Get a connect session: whether it was used, by which mailbox, or how it failed',
      description: 'Kept for a day after its end.',
    }),
    ApiOkResponse({ type: ConnectSessionDto, description: 'The session', example: CONNECT_SESSION }),
    ApiProblems(new NotFoundError('connect session', EXAMPLE_ID.connectSession)),
  );

export const ApiOpenConnectSession = () =>
  applyDecorators(
    ApiOperation({
      operationId: 'openConnectSession',
      summary: "Open a one-time link: redirects to Google's consent page, or shows a page that leads there",
      description:
        'For the browser of the mailbox owner. It may be opened any number of times until its callback has completed.',
    }),
    ApiParam({ name: 'token', description: 'The end of the `url` of a connect session' }),
    ApiLinkResponses(),
  );

const optional = (name: string, description: string, example?: string) =>
  ApiQuery({ name, required: false, type: String, description, ...(example !== undefined && { example }) });

export const ApiReceiveConsent = () =>
  applyDecorators(
    ApiOperation({
      operationId: 'receiveConsent',
      summary: 'Where Google sends the mailbox owner back to',
      description: 'For the browser of the mailbox owner. After an error the link can be opened again.',
    }),
    optional('error', 'Why Google has given no code', 'access_denied'),
    optional('code', 'What is exchanged for the grant'),
    ApiQuery({
      name: 'state',
      required: true,
      type: String,
      description: 'As it was in the redirect to Google',
    }),
    ApiCallbackResponses(),
  );
