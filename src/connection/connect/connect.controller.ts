import { Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeEndpoint, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ConnectFlowService, readCallback } from './connect-flow.service';
import { send } from './connect-response';
import type { Visitor } from './connect-response.service';
import { ApiOpenConnectSession, ApiReceiveConsent } from './connect.openapi';

/** The pages that a mailbox owner's browser visits. */
@ApiTags('Connecting')
@Controller()
export class ConnectController {
  constructor(private readonly flow: ConnectFlowService) {}

  @Get('connect/:token')
  @ApiOpenConnectSession()
  async open(
    @Param('token') token: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    send(reply, await this.flow.open(token, visitorOf(request)));
  }

  /** The button of the page, and nobody's else: not described. */
  @Post('connect/:token')
  @ApiExcludeEndpoint()
  async begin(
    @Param('token') token: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    send(reply, await this.flow.begin(token, visitorOf(request)));
  }

  @Get('auth/google/callback')
  @ApiReceiveConsent()
  async callback(
    @Query() query: Record<string, unknown>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    send(reply, await this.flow.receive(readCallback(query), visitorOf(request)));
  }
}

function visitorOf({ headers }: FastifyRequest): Visitor {
  return { cookies: headers.cookie, languages: headers['accept-language'] };
}
