import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import { EXAMPLE_ID } from '../../http/problem';
import { IsPlainText } from '../../http/validation';
import { ApiNextCursor, PageQuery } from '../../http/page';
import { LastErrorDto } from '../last-error.dto';
import {
  GRANT_KINDS,
  type GrantKind,
  MAILBOX_STATUSES,
  type MailboxFilter,
  type MailboxStatus,
} from '../../mailbox/mailbox.types';

export class ListMailboxesQuery extends PageQuery implements MailboxFilter {
  @ApiPropertyOptional({
    minLength: 1,
    maxLength: 320,
    example: 'ada@example.com',
    description:
      'Mailboxes with this address, in any letter case, `googlemail.com` or `gmail.com`. There may be disconnected ones of accounts that had it before',
  })
  @IsOptional()
  @IsPlainText(320)
  emailAddress?: string;

  @ApiPropertyOptional({
    minLength: 1,
    maxLength: 255,
    example: 'customer-4711',
    description: 'Mailboxes to which you gave this name',
  })
  @IsOptional()
  @IsPlainText(255)
  externalId?: string;

  @ApiPropertyOptional({ enum: MAILBOX_STATUSES, description: 'Mailboxes in this status' })
  @IsOptional()
  @IsIn(MAILBOX_STATUSES)
  status?: MailboxStatus;
}

export class EndMailboxQuery {
  @ApiPropertyOptional({
    enum: ['true', 'false'],
    default: 'false',
    description:
      '`true`: what is kept of the mailbox is erased once it is disconnected, also when it is disconnected already',
  })
  @IsOptional()
  @IsIn(['true', 'false'])
  erase?: 'true' | 'false';
}

@ApiSchema({ name: 'UpdateMailboxRequest' })
export class UpdateMailboxDto {
  @ApiPropertyOptional({
    type: String,
    nullable: true,
    minLength: 1,
    maxLength: 255,
    example: 'customer-4711',
    description:
      'Your own name for the mailbox; null for none. Events that are appended from then on carry it',
  })
  @IsOptional()
  @IsPlainText(255)
  externalId?: string | null;
}

@ApiSchema({
  name: 'Watch',
  description: "Gmail's promise to publish notifications of a mailbox until `expiresAt`",
})
export class WatchDto {
  @ApiProperty({
    enum: ['active', 'expired', 'stopped', 'failed'],
    description:
      '`active` until it expires; `failed` when none has lived since it was last asked for; `stopped` after a DELETE',
  })
  status!: 'active' | 'expired' | 'stopped' | 'failed';

  @ApiProperty({ type: [String], example: ['INBOX'], description: 'None: every change counts' })
  labelIds!: string[];

  @ApiProperty({
    enum: ['include', 'exclude'],
    description: 'Whether changes of messages with these labels count, or all others',
  })
  labelFilterBehavior!: 'include' | 'exclude';

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'Null when Google has granted none',
  })
  expiresAt!: string | null;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'When Inboxwire renews it; null when it does not',
  })
  renewAt!: string | null;

  @ApiProperty({ type: LastErrorDto, nullable: true })
  lastError!: LastErrorDto | null;
}

@ApiSchema({ name: 'SyncState', description: 'How far the history of a mailbox has been read' })
export class SyncDto {
  @ApiProperty({
    type: String,
    nullable: true,
    pattern: '^\\d+$',
    example: '1748503',
    description: 'How far the history has been read: a decimal number of 64 bits',
  })
  historyId!: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    pattern: '^\\d+$',
    example: '1748503',
    description: 'How far a notification said that it goes',
  })
  notifiedHistoryId!: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  lastNotificationAt!: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  lastSyncAt!: string | null;

  @ApiProperty({
    type: LastErrorDto,
    nullable: true,
    description: 'What holds up the sync, or while `disconnecting` the disconnect',
  })
  lastError!: LastErrorDto | null;
}

@ApiSchema({ name: 'BackfillState', description: 'How far a backfill has got' })
export class BackfillStateDto {
  @ApiProperty({ format: 'date-time', description: 'What was asked for' })
  since!: string;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description:
      'Messages that arrived before are done. Null until some are; with the scope gmail.metadata until the end',
  })
  position!: string | null;

  @ApiProperty({ type: 'integer', example: 214, description: 'How many messages it has reported' })
  recovered!: number;

  @ApiProperty({ format: 'date-time' })
  startedAt!: string;

  @ApiProperty({ type: LastErrorDto, nullable: true, description: 'What holds it up' })
  lastError!: LastErrorDto | null;
}

@ApiSchema({ name: 'Mailbox', description: 'A Gmail account that was connected, with its watch and sync' })
export class MailboxDto {
  @ApiProperty({ example: EXAMPLE_ID.mailbox })
  id!: string;

  @ApiProperty({
    type: String,
    nullable: true,
    example: '117326418935551804233',
    description:
      'The Google account that it stands for, whatever its address: `sub` of its ID tokens. Null until a consent, or a refresh of the grant, has brought one: a delegation brings none',
  })
  googleAccountId!: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    format: 'email',
    example: 'ada@example.com',
    description:
      'In lower case. It changes when the account gets another address, and is null once the mailbox is erased',
  })
  emailAddress!: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    example: 'customer-4711',
    description: 'Your own name for it',
  })
  externalId!: string | null;

  @ApiProperty({
    enum: GRANT_KINDS,
    description:
      "By whose leave the mail is read: its owner's consent, or that of the administrator of a Google Workspace (`delegated`)",
  })
  grant!: GrantKind;

  @ApiProperty({ type: [String], description: 'What was granted; none once disconnected' })
  scopes!: string[];

  @ApiProperty({
    enum: MAILBOX_STATUSES,
    description:
      '`reauthorization_required`: its owner has to connect it again; nothing is lost meanwhile. `erased`: for good; its account can be connected anew, as a new mailbox',
  })
  status!: MailboxStatus;

  @ApiProperty({ type: WatchDto, nullable: true })
  watch!: WatchDto | null;

  @ApiProperty({ type: SyncDto })
  sync!: SyncDto;

  @ApiProperty({
    type: BackfillStateDto,
    nullable: true,
    description: 'The one under way; null when none is',
  })
  backfill!: BackfillStateDto | null;

  @ApiProperty({ format: 'date-time' })
  createdAt!: string;
}

@ApiSchema({ name: 'MailboxPage' })
export class MailboxPageDto {
  @ApiProperty({ type: [MailboxDto] })
  data!: MailboxDto[];

  @ApiNextCursor()
  nextCursor!: string | null;
}
