import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import { PageQuery } from '../common/http/page';
import { MAILBOX_STATUSES, type MailboxFilter, type MailboxStatus } from '../mailbox/mailbox.types';
import { IsPlainText } from '../common/http/is-plain-text';

export class ListMailboxesQuery extends PageQuery implements MailboxFilter {
  @ApiPropertyOptional({ description: 'In any letter case' })
  @IsOptional()
  @IsPlainText(320)
  emailAddress?: string;

  @ApiPropertyOptional()
  @IsOptional()
  @IsPlainText(255)
  externalId?: string;

  @ApiPropertyOptional({ enum: MAILBOX_STATUSES })
  @IsOptional()
  @IsIn(MAILBOX_STATUSES)
  status?: MailboxStatus;
}

export class LastErrorDto {
  @ApiProperty({ example: 'topic_permission_denied', description: 'Stable and machine-readable' })
  code!: string;

  @ApiProperty({ description: 'What happened, and what to do about it' })
  message!: string;

  @ApiProperty({ format: 'date-time' })
  at!: string;
}

export class WatchDto {
  @ApiProperty({ enum: ['active', 'expired', 'stopped', 'failed'] })
  status!: 'active' | 'expired' | 'stopped' | 'failed';

  @ApiProperty({ type: [String], example: ['INBOX'] })
  labelIds!: string[];

  @ApiProperty({ enum: ['include', 'exclude'] })
  labelFilterBehavior!: 'include' | 'exclude';

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  expiresAt!: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  renewAt!: string | null;

  @ApiProperty({ type: LastErrorDto, nullable: true })
  lastError!: LastErrorDto | null;
}

export class SyncDto {
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'How far the history has been read: a decimal number',
  })
  historyId!: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'How far a notification said that it goes' })
  notifiedHistoryId!: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  lastNotificationAt!: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  lastSyncAt!: string | null;

  @ApiProperty({ type: LastErrorDto, nullable: true })
  lastError!: LastErrorDto | null;
}

export class MailboxDto {
  @ApiProperty({ example: 'mbx_01h455vb4pex5vsknk084sn02q' })
  id!: string;

  @ApiProperty({ example: 'ada@example.com' })
  emailAddress!: string;

  @ApiProperty({ type: String, nullable: true })
  externalId!: string | null;

  @ApiProperty({ type: [String], description: 'What the owner granted; none once disconnected' })
  scopes!: string[];

  @ApiProperty({ enum: MAILBOX_STATUSES })
  status!: MailboxStatus;

  @ApiProperty({ type: WatchDto, nullable: true })
  watch!: WatchDto | null;

  @ApiProperty({ type: SyncDto })
  sync!: SyncDto;

  @ApiProperty({ format: 'date-time' })
  createdAt!: string;
}

export class MailboxPageDto {
  @ApiProperty({ type: [MailboxDto] })
  data!: MailboxDto[];

  @ApiProperty({ type: String, nullable: true })
  nextCursor!: string | null;
}
