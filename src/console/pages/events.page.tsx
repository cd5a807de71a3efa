import type { VNode } from 'preact';
import { EventReaderService } from '../../event/log/event-reader.service';
import { NewestEventsService } from '../../event/log/newest-events.service';
import { EVENT_TYPES, type EventFilter, type EventType, type InboxwireEvent } from '../../event/event.types';
import { EventStreamService } from '../../event/stream/event-stream.service';
import { ActionLink, Empty, Facts, Pager, Panel, Table, Time } from '../layout/components';
import { eventColumns, EventRows } from '../layout/event-rows';
import { link } from '../layout/format';
import { SearchForm } from '../layout/search-form';
import type { PageContext, PageResponse } from '../page';
import { given, oneOf, PAGE_SIZE } from './list-query';

/** How many events are added to an open list at once. */
const MAX_ADDED = 100;

type Query = Record<'mailboxId' | 'type', string | undefined>;

const queryOf = (context: PageContext): Query & { type: EventType | undefined } => ({
  mailboxId: given(context, 'mailboxId'),
  type: oneOf(context, 'type', EVENT_TYPES),
});

function filterOf({ mailboxId, type }: ReturnType<typeof queryOf>): EventFilter {
  return { ...(mailboxId !== undefined && { mailboxId }), ...(type && { types: [type] }) };
}

export async function eventsPage(context: PageContext): Promise<PageResponse> {
  const query = queryOf(context);
  const cursor = given(context, 'cursor');
  const { data, nextCursor } = await context
    .get(NewestEventsService)
    .list(cursor, filterOf(query), PAGE_SIZE);
  const content = (
    <>
      <div class="head">
        <h1>Events</h1>
        {cursor === undefined && <Live query={query} />}
      </div>
      <Filter query={query} />
      <Panel title="The newest first">
        <EventTable events={data} now={context.now} isFiltered={!!(query.mailboxId ?? query.type)} />
        <Pager path="/events" query={{ ...query, cursor }} next={nextCursor} word="Older events" />
      </Panel>
    </>
  );
  return { title: 'Events', content };
}

/** Shown by the script that does it. */
function Live({ query }: { query: Query }): VNode {
  return (
    <div
      class="actions"
      hidden
      data-stream={link('/events/stream', query)}
      data-fetch={link('/events/rows', query)}
      data-rows="event-rows"
    >
      <span class="muted small" id="live-status" role="status" />
      <label class="actions">
        <input type="checkbox" checked /> Live
      </label>
    </div>
  );
}

function Filter({ query: { mailboxId, type } }: { query: Query }): VNode {
  const options = EVENT_TYPES.map((name) => [name, name] as const);
  return (
    <SearchForm
      action="/events"
      name="mailboxId"
      label="The id of a mailbox"
      value={mailboxId}
      choice={{ name: 'type', label: 'Type', any: 'Any type', options, value: type }}
      button="Filter"
    />
  );
}

interface EventTableProps {
  events: readonly InboxwireEvent[];
  now: Date;
  isFiltered: boolean;
}

function EventTable({ events, now, isFiltered }: EventTableProps): VNode {
  const isEmpty = events.length === 0;
  return (
    <>
      {isEmpty && (
        <div id="no-events">
          {isFiltered ? (
            <Empty title="No such event">
              <a href={link('/events')}>Show all events</a>.
            </Empty>
          ) : (
            <Empty title="Nothing has happened yet">
              <a href={link('/mailboxes/connect')}>Connect a mailbox</a> and send it a mail.
            </Empty>
          )}
        </div>
      )}
      <Table
        caption="Events"
        rows={events}
        columns={eventColumns(now)}
        id={({ id }) => id}
        bodyId="event-rows"
        isHidden={isEmpty}
      />
    </>
  );
}

/** What came after the newest event of an open list. */
export async function newEventRows(context: PageContext): Promise<PageResponse> {
  const after = given(context, 'after');
  const { data } = await context.get(EventReaderService).list(after, filterOf(queryOf(context)), MAX_ADDED);
  return { fragment: <EventRows events={data.toReversed()} now={context.now} /> };
}

/** The stream of the API, for who is signed in. */
export async function streamEvents(context: PageContext): Promise<PageResponse> {
  await context
    .get(EventStreamService)
    .open(given(context, 'after'), filterOf(queryOf(context)), () => context.stream());
  return 'streamed';
}

export async function eventPage(context: PageContext): Promise<PageResponse> {
  const event = await context.get(EventReaderService).get(context.params.id!);
  const { id, type, mailbox, sequence, origin, occurredAt } = event;
  const content = (
    <>
      <div class="head">
        <div>
          <p class="small">
            <a href={link('/events')}>Events</a>
          </p>
          <h1>{type}</h1>
        </div>
        <ActionLink context={context} action="/endpoints">
          To the endpoints
        </ActionLink>
      </div>
      <Panel title="Facts">
        <Facts
          facts={[
            ['Happened', <Time at={occurredAt} now={context.now} />],
            [
              'Mailbox',
              mailbox ? (
                <a href={link(`/mailboxes/${mailbox.id}`)}>{mailbox.emailAddress ?? mailbox.id}</a>
              ) : (
                '–'
              ),
            ],
            ['Sequence', sequence ?? '–'],
            ['Origin', origin],
            ['Id', <code>{id}</code>],
          ]}
        />
      </Panel>
      <Panel title="Payload" aside="as receivers get it">
        <pre>{JSON.stringify(event, null, 2)}</pre>
      </Panel>
    </>
  );
  return { title: type, content };
}
