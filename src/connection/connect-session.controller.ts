import { Body, Controller, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Problem } from '../common/http/problem';
import { ConnectSessionDto, CreateConnectSessionDto } from './connect-session.dto';
import { ConnectSessionService } from './connect-session.service';

@ApiTags('Connecting')
@ApiBearerAuth()
@Controller('v1/connect-sessions')
export class ConnectSessionController {
  constructor(private readonly sessions: ConnectSessionService) {}

  @Post()
  @ApiOperation({
    operationId: 'createConnectSession',
    summary: 'Make a one-time link with which the owner of a mailbox connects it',
  })
  @ApiCreatedResponse({ type: ConnectSessionDto })
  @ApiResponse({ status: 400, type: Problem })
  create(@Body() request: CreateConnectSessionDto): Promise<ConnectSessionDto> {
    return this.sessions.create(request);
  }
}
