import type { VNode } from 'preact';
import { MailboxSearchService } from '../../connection/mailboxes/mailbox-search.service';
import { MAILBOX_STATUSES } from '../../mailbox/mailbox.types';
import { Empty, Pager, Panel, Table, Time } from '../layout/components';
import { link } from '../layout/format';
import { SearchForm } from '../layout/search-form';
import { Lag, MailboxState, WatchState } from '../layout/states';
import type { PageContext, PageResponse } from '../page';
import { given, oneOf, PAGE_SIZE } from './list-query';

/** What can be looked for; longer ones are no address. */
const MAX_SEARCHED = 320;

export async function mailboxesPage(context: PageContext): Promise<PageResponse> {
  const { now } = context;
  const q = given(context, 'q')?.slice(0, MAX_SEARCHED);
  const status = oneOf(context, 'status', MAILBOX_STATUSES);
  const cursor = given(context, 'cursor');
  const found = await context.get(MailboxSearchService).search(q, status, { cursor, limit: PAGE_SIZE });
  const content = (
    <>
      <div class="head">
        <h1>Mailboxes</h1>
        {context.can('write') && (
          <a class="button primary" href={link('/mailboxes/connect')}>
            Connect a mailbox
          </a>
        )}
      </div>
      <Search q={q} status={status} />
      <Panel title={q || status ? 'Found' : 'All'}>
        {found.data.length === 0 ? (
          <Nothing isFiltered={q !== undefined || status !== undefined} />
        ) : (
          <Table
            caption="Mailboxes"
            rows={found.data}
            columns={[
              {
                name: 'Address',
                cell: ({ id, emailAddress }) => <a href={link(`/mailboxes/${id}`)}>{emailAddress ?? id}</a>,
              },
              { name: 'External id', cell: ({ externalId }) => externalId ?? <span class="muted">–</span> },
              { name: 'Status', cell: ({ status }) => <MailboxState status={status} /> },
              { name: 'Watch', cell: ({ watch }) => <WatchState watch={watch} now={now} /> },
              { name: 'Lag', cell: ({ sync }) => <Lag sync={sync} now={now} /> },
              {
                name: 'Last notification',
                cell: ({ sync }) => <Time at={sync.lastNotificationAt} now={now} />,
              },
            ]}
          />
        )}
        <Pager path="/mailboxes" query={{ q, status, cursor }} next={found.nextCursor} />
      </Panel>
    </>
  );
  return { title: 'Mailboxes', content };
}

const STATUS_NAMES: Record<string, string> = {
  active: 'Active',
  reauthorization_required: 'Needs consent',
  disconnecting: 'Disconnecting',
  disconnected: 'Disconnected',
  erased: 'Erased',
};

function Search({ q, status }: { q: string | undefined; status: string | undefined }): VNode {
  const options = MAILBOX_STATUSES.map((name) => [name, STATUS_NAMES[name] ?? name] as const);
  return (
    <SearchForm
      action="/mailboxes"
      name="q"
      label="A part of the address or external id"
      value={q}
      choice={{ name: 'status', label: 'Status', any: 'Any status', options, value: status }}
      button="Search"
    />
  );
}

function Nothing({ isFiltered }: { isFiltered: boolean }): VNode {
  if (isFiltered)
    return (
      <Empty title="No mailbox matches">
        Any part of the address or of your external id is found. <a href={link('/mailboxes')}>Show all</a>.
      </Empty>
    );
  return (
    <Empty title="No mailbox is connected yet">
      <a href={link('/mailboxes/connect')}>Make a link</a> and open it as the owner of the mailbox.
    </Empty>
  );
}
