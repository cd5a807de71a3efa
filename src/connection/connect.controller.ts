import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { send } from './answer';
import { CallbackService } from './callback.service';
import { readCallback } from './callback-query';
import { LinkService } from './link.service';

/** The two pages that a mailbox owner's browser visits. */
@ApiTags('Connecting')
@ApiProduces('text/html')
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
  })
  @ApiResponse({ status: 302 })
  @ApiResponse({ status: 404, description: 'There is no such link' })
  @ApiResponse({ status: 410, description: 'The link has been used or has expired' })
  async open(@Param('token') token: string, @Res() reply: FastifyReply): Promise<void> {
    send(reply, await this.links.open(token));
  }

  @Get('auth/google/callback')
  @ApiOperation({ operationId: 'receiveConsent', summary: 'Where Google sends the mailbox owner back to' })
  @ApiQuery({ name: 'state', required: true })
  @ApiQuery({ name: 'code', required: false })
  @ApiQuery({ name: 'error', required: false })
  @ApiResponse({ status: 302, description: 'To the `redirectUrl`, with `mailboxId` or `error`' })
  @ApiResponse({ status: 200, description: 'The mailbox is connected, and there is no `redirectUrl`' })
  @ApiResponse({ status: 400, description: 'The mailbox is not connected, and there is no `redirectUrl`' })
  async callback(@Query() query: Record<string, unknown>, @Res() reply: FastifyReply): Promise<void> {
    send(reply, await this.callbacks.answer(readCallback(query)));
  }
}
