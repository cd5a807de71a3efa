import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { send } from './connect-response';
import { CallbackService, readCallback } from './callback.service';
import { ApiCallbackAnswers, ApiLinkAnswers } from './connect.openapi';
import { LinkService } from './link.service';

/** The two pages that a mailbox owner's browser visits. */
@ApiTags('Connecting')
@Controller()
export class ConnectController {
  constructor(
    private readonly links: LinkService,
    private readonly callbacks: CallbackService,
  ) {}

  @Get('connect/:token')
  @ApiOperation({
    operationId: 'openConnectSession',
    summary: "Open a one-time link: redirects to Google's consent page",
    description:
      'For the browser of the mailbox owner. It may be opened any number of times until its callback has completed.',
  })
  @ApiParam({ name: 'token', description: 'The end of the `url` of a connect session' })
  @ApiLinkAnswers()
  async open(@Param('token') token: string, @Res() reply: FastifyReply): Promise<void> {
    send(reply, await this.links.open(token));
  }

  @Get('auth/google/callback')
  @ApiOperation({
    operationId: 'receiveConsent',
    summary: 'Where Google sends the mailbox owner back to',
    description: 'For the browser of the mailbox owner. After an error the link can be opened again.',
  })
  @ApiQuery({
    name: 'state',
    required: true,
    type: String,
    description: 'As it was in the redirect to Google',
  })
  @ApiQuery({ name: 'code', required: false, type: String, description: 'What is exchanged for the grant' })
  @ApiQuery({
    name: 'error',
    required: false,
    type: String,
    example: 'access_denied',
    description: 'Why Google has given no code',
  })
  @ApiCallbackAnswers()
  async callback(@Query() query: Record<string, unknown>, @Res() reply: FastifyReply): Promise<void> {
    send(reply, await this.callbacks.answer(readCallback(query)));
  }
}
