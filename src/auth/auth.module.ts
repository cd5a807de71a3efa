import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ApiKeyGuard } from './api-key.guard';
import { GoogleOauthClient } from './google-oauth.client';
import { GrantEntity } from './grant.entity';
import { GrantService } from './grant.service';
import { UnknownPathController } from './unknown-path.controller';

/** Owns the grants, and the guard of the API. Gmail asks it for access tokens; connection stores and revokes grants. */
@Module({
  imports: [TypeOrmModule.forFeature([GrantEntity])],
  controllers: [UnknownPathController],
  providers: [GrantService, GoogleOauthClient, { provide: APP_GUARD, useClass: ApiKeyGuard }],
  exports: [GrantService],
})
export class AuthModule {}
