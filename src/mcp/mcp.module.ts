import { Module } from '@nestjs/common';
import { AccessModule } from '../access/access.module';
import { ConnectionModule } from '../connection/connection.module';
import { EventModule } from '../event/event.module';
import { MailModule } from '../mail/mail.module';
import { AgentServerLoader } from './agent-server.loader';
import { AgentServices } from './agent-services';
import { ApiSchemas } from './api-schemas';
import { McpController } from './mcp.controller';
import { McpService } from './mcp.service';

/** Owns what agents call: the tools and resources of `POST /mcp`. They do what the API does, by the same services; no module knows of them. */
@Module({
  imports: [AccessModule, ConnectionModule, EventModule, MailModule],
  controllers: [McpController],
  providers: [AgentServerLoader, AgentServices, ApiSchemas, McpService],
})
export class McpModule {}
