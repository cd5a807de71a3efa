import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { describeAccess } from './access';
import { describeErrors } from './describe-errors';
import { describeEvents } from './describe-events';
import { describeRequests } from './describe-requests';
import { inOrder } from './in-order';
import { shareErrors } from './share-errors';
import { TAGS } from './tags';

/** The OpenAPI 3.1 description of what the application serves. It needs no database: `npm run openapi` has none. */
export function describeApi(application: INestApplication): OpenAPIObject {
  const builder = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Inboxwire')
    .setDescription('Gmail changes as a reliable, ordered stream of events: webhooks, a list, a stream.')
    .setVersion('1')
    .setContact('Inboxwire', 'https://inboxwire.dev', '')
    .setLicense('MIT', 'https://opensource.org/license/mit')
    .addServer('/', 'The service that shows this description')
    .addBearerAuth({
      type: 'http',
      scheme: 'bearer',
      description: 'An API key (`/v1/api-keys`), or the API_KEY of the settings',
    });
  for (const [name, description] of Object.entries(TAGS)) builder.addTag(name, description);
  const document = SwaggerModule.createDocument(application, builder.build());
  delete document.info.contact?.email;
  return inOrder(describeEvents(shareErrors(describeErrors(describeRequests(describeAccess(document))))));
}
