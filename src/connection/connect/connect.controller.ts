import { Controller, Get, Headers, Param, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { ConnectFlowService, readCallback } from './connect-flow.service';
import { send } from './connect-response';
import { ApiOpenConnectSession, ApiReceiveConsent } from './connect.openapi';

/** The two pages that a mailbox owner's browser visits. */
@ApiTags('Connecting')
@Controller()
export class ConnectController {
  constructor(private readonly flow: ConnectFlowService) {}

  @Get('connect/:token')
  @ApiOpenConnectSession()
  async open(@Param('token') token: string, @Res() reply: FastifyReply): Promise<void> {
    send(reply, await this.flow.open(token));
  }

  @Get('auth/google/callback')
  @ApiReceiveConsent()
  async callback(
    @Query() query: Record<string, unknown>,
    @Headers('cookie') cookies: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    send(reply, await this.flow.receive(readCallback(query), cookies));
  }
}
