import { Body, Controller, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { ConnectSessionDto, CreateConnectSessionDto } from './connect-session.dto';
import { ConnectSessionService } from './connect-session.service';
import { ApiCreateConnectSession } from './connect.openapi';

@ApiTags('Connecting')
@ApiBearerAuth()
@Controller('v1/connect-sessions')
export class ConnectSessionController {
  constructor(private readonly sessions: ConnectSessionService) {}

  @Post()
  @ApiCreateConnectSession()
  create(@Body() request: CreateConnectSessionDto): Promise<ConnectSessionDto> {
    return this.sessions.create(request);
  }
}
