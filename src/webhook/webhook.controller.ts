import { Body, Controller, Headers, HttpCode, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { IncomingHttpHeaders } from 'node:http';
import { ApiPush } from './webhook.openapi';
import { WebhookService } from './webhook.service';

@ApiTags('Pub/Sub push')
@Controller('webhooks/gmail')
export class WebhookController {
  constructor(private readonly webhook: WebhookService) {}

  @Post()
  @HttpCode(204)
  @ApiPush()
  receive(@Headers() headers: IncomingHttpHeaders, @Body() body: unknown): Promise<void> {
    // A request without a body has not passed the parser that hands over bytes.
    return this.webhook.receive(headers, Buffer.isBuffer(body) ? body : Buffer.alloc(0));
  }
}
