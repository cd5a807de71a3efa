import { Body, Controller, Headers, HttpCode, Post } from '@nestjs/common';
import { ApiBody, ApiNoContentResponse, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { IncomingHttpHeaders } from 'node:http';
import { Problem } from '../common/http/problem';
import { WebhookService } from './webhook.service';

@ApiTags('Webhook')
@Controller('webhooks/gmail')
export class WebhookController {
  constructor(private readonly webhook: WebhookService) {}

  @Post()
  @HttpCode(204)
  @ApiOperation({
    operationId: 'receivePush',
    summary: 'Receive a Pub/Sub push',
    description: 'Called by Google, with a token that Google signs.',
  })
  @ApiBody({
    description: 'A wrapped or an unwrapped push',
    schema: { type: 'object', additionalProperties: true },
  })
  @ApiNoContentResponse({ description: 'The hint is committed, or could never be used' })
  @ApiResponse({ status: 400, type: Problem, description: 'The body is no Pub/Sub push' })
  @ApiResponse({
    status: 401,
    type: Problem,
    description: 'No valid token of the configured service account',
  })
  @ApiResponse({ status: 403, type: Problem, description: 'Another subscription' })
  @ApiResponse({ status: 503, type: Problem, description: 'Deliver it again later' })
  receive(@Headers() headers: IncomingHttpHeaders, @Body() body: unknown): Promise<void> {
    // A request without a body has not passed the parser that hands over bytes.
    return this.webhook.receive(headers, Buffer.isBuffer(body) ? body : Buffer.alloc(0));
  }
}
