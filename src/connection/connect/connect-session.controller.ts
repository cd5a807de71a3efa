import { Body, Controller, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ConnectSessionDto, CreateConnectSessionDto } from './connect-session.dto';
import { ConnectSessionService } from './connect-session.service';
import { CONNECT_SESSION } from './connect.openapi';

@ApiTags('Connecting')
@ApiBearerAuth()
@Controller('v1/connect-sessions')
export class ConnectSessionController {
  constructor(private readonly sessions: ConnectSessionService) {}

  @Post()
  @ApiOperation({
    operationId: 'createConnectSession',
    summary: 'Make a one-time link with which the owner of a mailbox connects it',
    description:
      'The label filter is that of the watch; what is left out stays as it was, or is the default of the settings.',
  })
  @ApiCreatedResponse({
    type: ConnectSessionDto,
    description: 'The link, good for 15 minutes',
    example: CONNECT_SESSION,
  })
  create(@Body() request: CreateConnectSessionDto): Promise<ConnectSessionDto> {
    return this.sessions.create(request);
  }
}
