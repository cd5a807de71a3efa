import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { EncryptedTables } from '../encryption/encrypted-tables';
import { MailboxModule } from '../mailbox/mailbox.module';
import { DelegationClient } from './delegation.client';
import { GoogleOauthClient } from './google-oauth.client';
import { GrantEntity } from './grant.entity';
import { GrantService } from './grant.service';

/** Owns the grants. Gmail asks it for access tokens; connection stores and revokes grants. */
@Module({
  imports: [TypeOrmModule.forFeature([GrantEntity]), MailboxModule],
  providers: [GrantService, GoogleOauthClient, DelegationClient],
  exports: [GrantService],
})
export class AuthModule {
  constructor(encrypted: EncryptedTables) {
    encrypted.add({
      name: 'tokens of grants',
      table: 'grants',
      id: 'mailbox_id',
      owner: 'mailbox_id',
      columns: ['refresh_token', 'access_token'],
    });
  }
}
