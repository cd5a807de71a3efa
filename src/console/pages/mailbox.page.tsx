import type { VNode } from 'preact';
import { ConnectionService } from '../../connection/mailboxes/connection.service';
import type { MailboxView } from '../../connection/mailboxes/mailbox-view.service';
import { NewestEventsService } from '../../event/log/newest-events.service';
import type { EventPage } from '../../event/log/event-reader.service';
import {
  ActionLink,
  Empty,
  Facts,
  Notice,
  Pager,
  Panel,
  PostButton,
  Table,
  Time,
} from '../layout/components';
import { eventColumns } from '../layout/event-rows';
import { link } from '../layout/format';
import { Lag, MailboxState, WatchState } from '../layout/states';
import type { PageContext, PageResponse } from '../page';
import { given, PAGE_SIZE } from './list-query';

export async function mailboxPage(context: PageContext): Promise<PageResponse> {
  const id = context.params.id!;
  const mailbox = await context.get(ConnectionService).get(id);
  const before = given(context, 'cursor');
  const events = await context.get(NewestEventsService).list(before, { mailboxId: id }, PAGE_SIZE);
  const name = mailbox.emailAddress ?? id;
  const content = (
    <>
      <div class="head">
        <div>
          <p class="small">
            <a href={link('/mailboxes')}>Mailboxes</a>
          </p>
          <h1>{name}</h1>
        </div>
        <Actions context={context} mailbox={mailbox} />
      </div>
      <Trouble context={context} mailbox={mailbox} />
      <Panel title="Facts">
        <MailboxFacts mailbox={mailbox} now={context.now} />
      </Panel>
      <Timeline events={events} now={context.now} id={id} before={before} />
      <Ending context={context} mailbox={mailbox} />
    </>
  );
  return { title: name, content };
}

function Actions({
  context,
  mailbox: { id, status },
}: {
  context: PageContext;
  mailbox: MailboxView;
}): VNode | null {
  if (status !== 'active') return null;
  return (
    <div class="actions">
      <PostButton context={context} action={`/mailboxes/${id}/sync`}>
        Sync now
      </PostButton>
      <ActionLink context={context} action={`/mailboxes/${id}/filter`}>
        Change the filter
      </ActionLink>
    </div>
  );
}

/** What is wrong, and what to do about it. */
function Trouble({ context, mailbox }: { context: PageContext; mailbox: MailboxView }): VNode {
  const { id, status, watch, sync } = mailbox;
  return (
    <>
      {status === 'reauthorization_required' && (
        <Notice tone="bad">
          Google no longer accepts the grant. Its owner has to connect the mailbox again; nothing is lost
          meanwhile.{' '}
          {context.can('write') && (
            <a href={link('/mailboxes/connect', { mailboxId: id })}>Make a link for them</a>
          )}
        </Notice>
      )}
      {sync.lastError && (
        <Notice tone="bad">
          <strong>{sync.lastError.code}</strong> <Time at={sync.lastError.at} now={context.now} />:{' '}
          {sync.lastError.message}
        </Notice>
      )}
      {watch?.lastError && (
        <Notice tone="warn">
          <strong>{watch.lastError.code}</strong> <Time at={watch.lastError.at} now={context.now} />:{' '}
          {watch.lastError.message}
        </Notice>
      )}
    </>
  );
}

function MailboxFacts({ mailbox, now }: { mailbox: MailboxView; now: Date }): VNode {
  const { watch, sync } = mailbox;
  const labels = watch && (watch.labelIds.length === 0 ? 'every change' : watch.labelIds.join(', '));
  return (
    <Facts
      facts={[
        ['Status', <MailboxState status={mailbox.status} />],
        ['External id', mailbox.externalId ?? '–'],
        ['Id', <code>{mailbox.id}</code>],
        ['Access', mailbox.grant === 'consent' ? "its owner's consent" : 'delegated by the administrator'],
        ['Watch', <WatchState watch={watch} now={now} />],
        ['Renewed', <Time at={watch?.renewAt ?? null} now={now} />],
        ['Filter', watch ? `${watch.labelFilterBehavior}: ${labels}` : '–'],
        ['Lag', <Lag sync={sync} now={now} />],
        ['Last notification', <Time at={sync.lastNotificationAt} now={now} />],
        ['Last sync', <Time at={sync.lastSyncAt} now={now} />],
        ['History id', sync.historyId ?? '–'],
        ['Connected', <Time at={mailbox.createdAt} now={now} />],
      ]}
    />
  );
}

interface TimelineProps {
  events: EventPage;
  now: Date;
  id: string;
  before: string | undefined;
}

function Timeline({ events, now, id, before }: TimelineProps): VNode {
  return (
    <Panel title="Timeline" aside={<a href={link('/events', { mailboxId: id })}>Watch live</a>}>
      {events.data.length === 0 ? (
        <Empty title="No event yet">Send a mail to this address: it appears here within seconds.</Empty>
      ) : (
        <Table caption="Events, the newest first" rows={events.data} columns={eventColumns(now, true)} />
      )}
      <Pager
        path={`/mailboxes/${id}`}
        query={{ cursor: before }}
        next={events.nextCursor}
        word="Older events"
      />
    </Panel>
  );
}

/** Apart from the rest: nobody gets here by a slip. */
function Ending({
  context,
  mailbox: { id, status },
}: {
  context: PageContext;
  mailbox: MailboxView;
}): VNode | null {
  const canDisconnect = status === 'active' || status === 'reauthorization_required';
  if (!context.can('write') || status === 'erased') return null;
  return (
    <>
      {canDisconnect && (
        <Panel title="End the access" isDangerous>
          <div class="actions">
            <ActionLink context={context} action={`/mailboxes/${id}/disconnect`} kind="bad">
              Disconnect…
            </ActionLink>
            <span class="muted">Stops the watch and revokes the grant. Its log stays.</span>
          </div>
        </Panel>
      )}
      <Panel title="Erase the mailbox" isDangerous>
        <div class="actions">
          <ActionLink context={context} action={`/mailboxes/${id}/erase`} kind="bad">
            Erase…
          </ActionLink>
          <span class="muted">Disconnects it, and erases what is kept of it. It cannot be undone.</span>
        </div>
      </Panel>
    </>
  );
}
