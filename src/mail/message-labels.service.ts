import { Injectable } from '@nestjs/common';
import { canChangeLabels } from '../auth/scopes';
import { withDeadline } from '../common/deadline';
import { InvalidValueError } from '../common/inboxwire.error';
import { GoogleSettings } from '../config/settings';
import { GmailApiClient } from '../gmail/client/gmail-api.client';
import { GmailApiError } from '../gmail/gmail.errors';
import type { LabelRequest } from '../gmail/gmail.types';
import { OwnChangeService } from '../sync/own-change.service';
import { MailAccessService } from './mail-access.service';
import { InsufficientScopeError } from './mail.errors';
import type { ModifiedMessageDto, ModifyMessageDto } from './message-labels.dto';

/** The longest that a change may take, the wait for the quota included. */
const MAX_CHANGE_MS = 10_000;

/** Changes the labels of messages for the application. */
@Injectable()
export class MessageLabelsService {
  constructor(
    private readonly google: GoogleSettings,
    private readonly access: MailAccessService,
    private readonly gmail: GmailApiClient,
    private readonly ownChanges: OwnChangeService,
  ) {}

  /**
   * Goes on to its end when nobody waits for it any more: half of a change would be neither done nor not done.
   *
   * @throws InvalidValueError, and what MailAccessService throws
   */
  async modify(mailboxId: string, messageId: string, asked: ModifyMessageDto): Promise<ModifiedMessageDto> {
    const request = readRequest(asked);
    const { signal } = new AbortController();
    const wanted = { kind: 'message', id: messageId } as const;
    return this.access.read({ mailboxId, wanted, signal, need: 'change' }, async ({ caller, changes }) => {
      if (!changes || !canChangeLabels(this.google.gmailScopes)) throw new InsufficientScopeError('change');
      const change = () =>
        withDeadline(MAX_CHANGE_MS, undefined, (ending) =>
          this.gmail.modify({ ...caller, signal: ending }, messageId, request),
        );
      const labelIds = await this.ownChanges
        .make(caller, { ...request, messageId }, MAX_CHANGE_MS, change)
        .catch((error: unknown) => {
          throw explainLabels(error, request);
        });
      return { messageId, labelIds };
    });
  }
}

function readRequest({ addLabelIds = [], removeLabelIds = [] }: ModifyMessageDto): LabelRequest {
  if (addLabelIds.length + removeLabelIds.length === 0)
    throw new InvalidValueError('addLabelIds', 'name at least one label in addLabelIds or removeLabelIds');
  const both = removeLabelIds.find((label) => addLabelIds.includes(label));
  if (both !== undefined)
    throw new InvalidValueError('removeLabelIds', `${both} is in addLabelIds too: name it in one of the two`);
  return { addLabelIds, removeLabelIds };
}

/** Gmail names the label that it does not know in a sentence only. */
function explainLabels(error: unknown, { addLabelIds, removeLabelIds }: LabelRequest): unknown {
  if (!(error instanceof GmailApiError) || error.code !== 'label_invalid') return error;
  const said = Error.isError(error.cause) ? error.cause.message : '';
  const unknown = [...addLabelIds, ...removeLabelIds].find((label) => said.includes(label));
  const isRemoved = unknown === undefined ? addLabelIds.length === 0 : !addLabelIds.includes(unknown);
  return new InvalidValueError(
    isRemoved ? 'removeLabelIds' : 'addLabelIds',
    `the mailbox has no label ${unknown ?? 'with one of these ids'}, or it cannot be changed: see GET …/labels`,
  );
}
