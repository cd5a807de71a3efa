import { applyDecorators } from '@nestjs/common';
import { ApiBearerAuth, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Problem } from '../common/http/problem';

const wait = { 'Retry-After': { description: 'Seconds to wait', schema: { type: 'integer' as const } } };

/** What every read can be answered with besides what was asked for. */
export const ApiMail = (): ClassDecorator & MethodDecorator =>
  applyDecorators(
    ApiTags('Mail'),
    ApiBearerAuth(),
    ApiResponse({
      status: 404,
      type: Problem,
      description: 'No such mailbox, or nothing with this id in it',
    }),
    ApiResponse({ status: 409, type: Problem, description: '`mailbox_not_active`' }),
    ApiResponse({
      ...{ status: 429, type: Problem, headers: wait },
      description: '`rate_limited`: the quota of the mailbox or of the project is used up for the moment',
    }),
    ApiResponse({ status: 502, type: Problem, description: '`google_refused`' }),
    ApiResponse({ status: 503, type: Problem, description: '`google_unavailable`', headers: wait }),
  );

/** For what a grant may not allow. */
export const ApiContent = (): MethodDecorator =>
  ApiResponse({
    ...{ status: 403, type: Problem },
    description: '`insufficient_scope`: the owner granted gmail.metadata only',
  });

/** What is sent as bytes. */
export const BINARY = { schema: { type: 'string', format: 'binary' } } as const;
