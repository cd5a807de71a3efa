import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { describeAccess } from './access/access.openapi';

/** The OpenAPI 3.1 description of what the application serves. */
export function describeApi(application: NestFastifyApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Inboxwire')
    .setDescription('Gmail changes as a reliable, ordered stream of events: webhooks, a list, a stream.')
    .setVersion('1')
    .setLicense('MIT', 'https://opensource.org/license/mit')
    .addBearerAuth({
      type: 'http',
      scheme: 'bearer',
      description: 'An API key (`/v1/api-keys`), or the API_KEY of the settings',
    })
    .build();
  return describeAccess(SwaggerModule.createDocument(application, config));
}

/** `GET /openapi.json`, and Swagger UI at `GET /docs`. */
export function serveDocumentation(application: NestFastifyApplication): void {
  SwaggerModule.setup('docs', application, () => describeApi(application), {
    jsonDocumentUrl: 'openapi.json',
  });
}
