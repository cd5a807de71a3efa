import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { ConnectSessionDto, CreateConnectSessionDto, NewConnectSessionDto } from './connect-session.dto';
import { ConnectSessionService } from './connect-session.service';
import { ApiCreateConnectSession, ApiGetConnectSession } from './connect.openapi';

@ApiTags('Connecting')
@ApiBearerAuth()
@Controller('v1/connect-sessions')
export class ConnectSessionController {
  constructor(private readonly sessions: ConnectSessionService) {}

  @Post()
  @ApiCreateConnectSession()
  create(@Body() request: CreateConnectSessionDto): Promise<NewConnectSessionDto> {
    return this.sessions.create(request);
  }

  @Get(':id')
  @ApiGetConnectSession()
  get(@Param('id') id: string): Promise<ConnectSessionDto> {
    return this.sessions.get(id);
  }
}
