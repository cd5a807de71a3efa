import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { MessageSettings } from '../../config/settings';
import type { NewEvent } from '../../event/event.types';
import { type LabelFilter, labelsCount } from '../../gmail/label-filter';
import type { SyncRun } from '../cursor/sync.types';
import { isDraft } from '../history/draft-changes';
import type { MessageChange } from '../history/history-to-changes';
import { MessageEventService } from '../history/message-event.service';
import { PoisonMessageDetector } from '../history/poison-message-detector';
import type { MessagesById } from '../history/read-message';
import { OwnChangeStore } from '../history/own-change.store';
import { type OwnChange, withConsequences } from '../history/own-changes';
import { type Comparison, toChanges } from '../snapshot/snapshot-difference';

/** Reads the messages of a repair, and makes events of what differs, without what the settings leave out. */
@Injectable()
export class RepairMessageService {
  constructor(
    private readonly settings: MessageSettings,
    private readonly ownChanges: OwnChangeStore,
    private readonly messages: MessageEventService,
    private readonly poison: PoisonMessageDetector,
  ) {}

  /**
   * @param kind `listed` appeared in the lists and is needed with its content, as is a `draft`, which may have been sent; of what
   * is `known` besides, only the history id and whether it is gone
   * @param listedAt where history was before the lists
   * @returns undefined when the messages cannot be processed
   */
  read(
    run: SyncRun,
    ids: string[],
    kind: 'listed' | 'draft' | 'known',
    listedAt: bigint,
  ): Promise<MessagesById | undefined> {
    return this.poison.read(run, ids, () =>
      kind === 'listed'
        ? this.messages.readListed(run, listedAt, ids)
        : this.messages.read(run.caller, ids, kind === 'draft' ? undefined : 'minimal'),
    );
  }

  /**
   * Within the transaction that appends the events.
   *
   * @param read null when the messages cannot be processed
   */
  async eventsOf(
    run: SyncRun,
    manager: EntityManager,
    {
      comparisons,
      read,
      filter,
    }: { comparisons: Comparison[]; read: MessagesById | null; filter: LabelFilter },
  ): Promise<NewEvent[]> {
    return this.messages.toRepaired(await this.changesOf(run, manager, comparisons, filter), read);
  }

  private async changesOf(
    run: SyncRun,
    manager: EntityManager,
    comparisons: Comparison[],
    filter: LabelFilter,
  ): Promise<MessageChange[]> {
    const changes = comparisons.flatMap((comparison) => {
      const found = toChanges(comparison, filter);
      return this.settings.drafts === 'none' ? withoutDrafts(comparison, found, filter) : found;
    });
    return this.settings.suppressOwnChanges ? this.withoutOwn(run, manager, changes) : changes;
  }

  /** Nobody knows any more what changed in which order: a label that was asked for is taken to be changed by that. */
  private async withoutOwn(
    { claim }: SyncRun,
    manager: EntityManager,
    changes: MessageChange[],
  ): Promise<MessageChange[]> {
    const ids = changes.map(({ messageId }) => messageId);
    const open = await this.ownChanges.open(claim.mailboxId, ids, claim.upToDateAt);
    const settled = new Set<string>();
    const others = changes.flatMap((change) => {
      const own = open.filter((one) => one.messageId === change.messageId);
      const left = change.changedLabelIds.filter((label) => {
        const asked = own.filter((one) => asksFor(one, change.type, label));
        for (const { id } of asked) settled.add(id);
        return asked.length === 0;
      });
      const isGone = change.changedLabelIds.length > 0 && left.length === 0;
      return isGone ? [] : [{ ...change, changedLabelIds: left }];
    });
    if (settled.size > 0) await this.ownChanges.remove([...settled], manager);
    return others;
  }
}

function asksFor(own: OwnChange, type: MessageChange['type'], label: string): boolean {
  const { addLabelIds, removeLabelIds } = withConsequences(own);
  return (type === 'message.labels_added' ? addLabelIds : removeLabelIds).includes(label);
}

/** A draft that was sent is a message that is new. */
function withoutDrafts(
  { messageId, historyId, before, after }: Comparison,
  changes: MessageChange[],
  filter: LabelFilter,
): MessageChange[] {
  const [wasDraft, isOne] = [isDraft(before?.labelIds), isDraft(after?.labelIds)];
  if (after === null) return wasDraft ? [] : changes;
  if (isOne) return wasDraft || before === null ? [] : changes;
  const passes = labelsCount(filter)(after.labelIds);
  if (!wasDraft || (changes.length === 0 && !passes)) return changes;
  const { threadId, labelIds } = after;
  return [{ type: 'message.added', messageId, threadId, historyId, labelIds, changedLabelIds: [] }];
}
