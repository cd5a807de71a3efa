import { applyDecorators } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { EXAMPLE_ID } from '../http/problem';
import { BackfillRunningError } from '../sync/backfill/backfill.errors';
import { BackfillResponseDto } from './backfill.dto';
import { ApiReading } from './mail.openapi';

const EXAMPLE: BackfillResponseDto = { backfill: { messages: 214, units: 4_295, seconds: 54 } };

export const ApiBackfill = () =>
  applyDecorators(
    ApiReading('mailbox', 'content', new BackfillRunningError(EXAMPLE_ID.mailbox)),
    ApiOperation({
      operationId: 'backfillMailbox',
      summary: 'Report messages that arrived before the mailbox was connected',
      description:
        'Messages of the labels of the watch that were never reported become `message.added` with `origin: "backfill"`, oldest first, and ' +
        '`mailbox.backfilled` follows at the end. Live changes come first. The mailbox shows how far it has got.',
    }),
    ApiAcceptedResponse({ type: BackfillResponseDto, description: 'It begins', example: EXAMPLE }),
    ApiOkResponse({
      type: BackfillResponseDto,
      description: 'With `dryRun`: the estimate',
      example: EXAMPLE,
    }),
  );
