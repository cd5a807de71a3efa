import { applyDecorators } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import {
  DelegationDeniedError,
  DelegationNotConfiguredError,
  ServiceAccountRefusedError,
} from '../../auth/auth.errors';
import { ApiProblems } from '../../http/api-problems';
import { LeaseTakenError } from '../../database/lease.service';
import { EXAMPLE_ID, problem } from '../../http/problem';
import { GoogleRefusedError } from '../../watch/watch.errors';
import { MailboxDto } from '../mailboxes/mailbox.dto';
import { MAILBOX } from '../mailboxes/mailbox.openapi';
import { CreatedMailboxesDto } from './workspace.dto';
import { WorkspaceUnavailableError, MailServiceNotEnabledError, UserNotFoundError } from './workspace.errors';

const SCOPE = 'https://www.googleapis.com/auth/gmail.readonly';

const DELEGATED: MailboxDto = { ...MAILBOX, googleAccountId: null, grant: 'delegated', scopes: [SCOPE] };

const UNKNOWN = new UserNotFoundError('bob@example.com');

const CREATED: CreatedMailboxesDto = {
  data: [
    { emailAddress: 'ada@example.com', status: 201, mailbox: DELEGATED },
    {
      emailAddress: 'bob@example.com',
      status: 502,
      error: problem(UNKNOWN.code, UNKNOWN.message, '6f1c2b0a-9d53-4c1e-8a77-2f4e6b0d9c31'),
    },
  ],
};

const NOT_CONFIGURED = new DelegationNotConfiguredError();

export const ApiCreateMailbox = () =>
  applyDecorators(
    ApiOperation({
      operationId: 'createMailbox',
      summary: 'Connect the mailbox of a user of your Google Workspace, without consent',
      description:
        'A service account with domain-wide delegation acts for the user. A known mailbox goes on where it stopped, a ' +
        'disconnected one too; one that is active already is left as it is, except for what the request names.',
    }),
    ApiCreatedResponse({ type: MailboxDto, description: 'The new mailbox', example: DELEGATED }),
    ApiOkResponse({ type: MailboxDto, description: 'The mailbox was known', example: DELEGATED }),
    ApiProblems(
      NOT_CONFIGURED,
      new LeaseTakenError(`connection:${EXAMPLE_ID.mailbox}`),
      new DelegationDeniedError({ clientId: '104782313451908672345', scopes: [SCOPE] }),
      UNKNOWN,
      new MailServiceNotEnabledError('ada@example.com'),
      new ServiceAccountRefusedError('Invalid JWT Signature.'),
      new GoogleRefusedError(
        'The Gmail API is not enabled in the Google Cloud project of GOOGLE_CLIENT_ID.',
        undefined,
      ),
      new WorkspaceUnavailableError(),
    ),
  );

export const ApiCreateMailboxes = () =>
  applyDecorators(
    ApiOperation({
      operationId: 'createMailboxes',
      summary: 'Connect up to 500 mailboxes of your Google Workspace',
      description:
        'Each as if it had come alone: one that cannot be connected does not keep the others from it. What could not be begun ' +
        'within 50 seconds has the error `google_unavailable`: send it again.',
    }),
    ApiOkResponse({ type: CreatedMailboxesDto, description: 'What became of each', example: CREATED }),
    ApiProblems(NOT_CONFIGURED),
  );
