import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import type { onRequestHookHandler, RouteOptions } from 'fastify';
import { describeAccess } from './access';
import { describeTryOut } from './try-out';
import { shareErrors } from './share-errors';
import { addProblems } from '../http/api-problems';
import { HeadersTooLargeError, RequestTimeoutError } from '../http/http.errors';
import { operationsOf } from '../http/operations';
import { DELIVERED_EVENTS, eventSchemas } from '../event/schema/event-schemas';
import { DELIVERY_ANSWERS, DELIVERY_HEADERS, toWebhook } from './webhooks';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

/** What the parts of the API are for, in the order in which somebody needs them. */
export const TAGS = {
  Connecting: 'How the owner of a mailbox gives access to it, once',
  Mailboxes: 'The mailboxes that are connected, their watches and how far they have been read',
  Events: 'The log: what has happened in the mailboxes, as a list and as a stream',
  Webhooks: 'What your receivers get: a signed POST for each event, at least once',
  Endpoints: 'Receivers of webhooks: where events are delivered to',
  Deliveries: 'What has become of each event at each endpoint',
  Mail: 'Messages, labels and attachments, read through from Gmail and kept nowhere',
  Statistics: 'What the whole service has done, minute by minute',
  'API keys': 'Who may use this API, and for what',
  'Pub/Sub push': 'Where Google Cloud Pub/Sub delivers the notifications of Gmail',
  Health: 'For what runs and watches the service',
};

/**
 * `GET /openapi.json`, and Swagger UI at `GET /docs`.
 *
 * @returns what makes the description
 */
export function serveDocumentation(application: NestFastifyApplication): () => OpenAPIObject {
  application.getHttpAdapter().getInstance().addHook('onRoute', protectPage);
  const describe = () => describeApi(application);
  SwaggerModule.setup('docs', application, describe, {
    jsonDocumentUrl: 'openapi.json',
    // The key survives a reload of the page, in the storage of the browser.
    swaggerOptions: { persistAuthorization: true },
  });
  return describe;
}

/** The page keeps a key, so that no other may show it within itself. */
const PAGE_HEADERS = {
  'content-security-policy': "frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
} as const;

function protectPage(route: RouteOptions): void {
  if (!/^\/docs(\/|$)/.test(route.url)) return;
  const addHeaders: onRequestHookHandler = (_request, reply, done) => {
    void reply.headers(PAGE_HEADERS);
    done();
  };
  route.onRequest = [...[route.onRequest ?? []].flat(), addHeaders];
}

/** Schemas by name: Nest lists them as it comes across them, which any new controller would change. */
export function inOrder(document: OpenAPIObject): OpenAPIObject {
  const { schemas = {}, ...components } = document.components ?? {};
  const sorted = Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1));
  return { ...document, components: { ...components, schemas: Object.fromEntries(sorted) } };
}

/**
 * Says of each operation that asks for no key that it asks for none, as silence could be an oversight, and that lists
 * in a query are comma separated.
 */
export function describeRequests(document: OpenAPIObject): OpenAPIObject {
  for (const { operation } of operationsOf(document)) {
    operation.security ??= [];
    for (const parameter of operation.parameters ?? [])
      if (!('$ref' in parameter) && parameter.in === 'query' && isList(parameter.schema))
        Object.assign(parameter, { style: 'form', explode: false });
  }
  return document;
}

function isList(schema: object | undefined): boolean {
  return schema !== undefined && 'type' in schema && schema.type === 'array';
}

/** Adds what an event is, and the `webhooks`: the requests that an endpoint gets, one for each type of event. */
export function describeEvents(document: OpenAPIObject): OpenAPIObject {
  const { components } = document;
  const webhooks: NonNullable<OpenAPIObject['webhooks']> = {};
  for (const [type, event] of Object.entries(DELIVERED_EVENTS)) webhooks[type] = toWebhook(event);
  return {
    ...document,
    components: {
      ...components,
      schemas: { ...components?.schemas, ...eventSchemas() },
      parameters: { ...components?.parameters, ...DELIVERY_HEADERS },
      responses: { ...components?.responses, ...DELIVERY_ANSWERS },
    },
    webhooks,
  };
}

/** What may become of any request, whatever it asks for. */
const ANY_REQUEST = [
  new RequestTimeoutError(),
  new HeadersTooLargeError(),
  new Error('something unforeseen'),
];

/** Adds the errors that any request may meet. */
export function describeErrors(document: OpenAPIObject): OpenAPIObject {
  for (const { operation } of operationsOf(document)) addProblems(operation.responses, ANY_REQUEST);
  return document;
}

/** The OpenAPI 3.1 description of what the application serves. It needs no database: `npm run openapi` has none. */
export function describeApi(application: INestApplication): OpenAPIObject {
  const builder = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Inboxwire')
    .setDescription('Gmail changes as a reliable, ordered stream of events: webhooks, a list, a stream.')
    .setVersion('1')
    .setLicense('MIT', 'https://opensource.org/license/mit')
    .addServer('/', 'The service that shows this description')
    .addBearerAuth({
      type: 'http',
      scheme: 'bearer',
      description: 'An API key (`/v1/api-keys`), or the API_KEY of the settings',
    });
  for (const [name, description] of Object.entries(TAGS)) builder.addTag(name, description);
  const document = SwaggerModule.createDocument(application, builder.build());
  delete document.info.contact;
  return inOrder(
    describeEvents(shareErrors(describeErrors(describeTryOut(describeRequests(describeAccess(document)))))),
  );
}
