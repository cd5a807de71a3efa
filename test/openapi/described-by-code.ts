import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { OpenAPIObject } from '@nestjs/swagger';
import { AppModule } from '../../src/app.module';
import type { Settings } from '../../src/config/settings';
import { describeApi } from '../../src/openapi/document';

/** The description that the code makes of itself. Nothing is started, nothing is asked for: Nest only looks at the classes. */
export async function describedByCode(): Promise<OpenAPIObject> {
  const nothing = { pubsub: { delivery: 'push' } } as Settings;
  const application = await NestFactory.create<NestFastifyApplication>(
    AppModule.of(nothing),
    new FastifyAdapter(),
    { preview: true, logger: false },
  );
  return describeApi(application);
}
