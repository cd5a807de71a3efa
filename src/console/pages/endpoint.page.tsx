import type { VNode } from 'preact';
import { DeliveryService } from '../../delivery/api/delivery.service';
import { EndpointService } from '../../delivery/api/endpoint.service';
import { EndpointTestService, type TestResult } from '../../delivery/api/endpoint-test.service';
import { type Delivery, DELIVERY_STATUSES } from '../../delivery/attempt/delivery.types';
import type { Endpoint } from '../../delivery/endpoint/endpoint.types';
import type { Page } from '../../http/page';
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
import { duration, link, number } from '../layout/format';
import { DeliveryState, EndpointState } from '../layout/states';
import type { PageContext, PageResponse } from '../page';
import { given, oneOf, PAGE_SIZE } from './list-query';

/** @param tested what the receiver has just answered to a test */
export async function endpointPage(context: PageContext, tested?: TestResult): Promise<PageResponse> {
  const endpoint = await context.get(EndpointService).get(context.params.id!);
  const status = oneOf(context, 'status', DELIVERY_STATUSES);
  const cursor = given(context, 'cursor');
  const deliveries = await context
    .get(DeliveryService)
    .list(
      { endpointId: endpoint.id, ...(status && { status }) },
      { limit: PAGE_SIZE, ...(cursor && { cursor }) },
    );
  const content = (
    <>
      <div class="head">
        <div>
          <p class="small">
            <a href={link('/endpoints')}>Endpoints</a>
          </p>
          <h1>{endpoint.url}</h1>
        </div>
        <Actions context={context} endpoint={endpoint} />
      </div>
      {tested && <Tested result={tested} />}
      <Trouble endpoint={endpoint} />
      <Panel title="Facts">
        <EndpointFacts endpoint={endpoint} now={context.now} />
      </Panel>
      <Deliveries context={context} endpoint={endpoint} page={deliveries} query={{ status, cursor }} />
      <Ending context={context} id={endpoint.id} />
    </>
  );
  return { title: `Endpoint ${endpoint.url}`, content };
}

export async function testEndpoint(context: PageContext): Promise<PageResponse> {
  const result = await context.get(EndpointTestService).test(context.params.id!);
  return endpointPage(context, result);
}

function Tested({ result: { status, latencyMs, error } }: { result: TestResult }): VNode {
  const took = latencyMs === null ? '' : ` after ${duration(latencyMs)}`;
  if (error === null)
    return (
      <Notice tone="good">{`The test was delivered: the receiver answered ${status ?? 'yes'}${took}.`}</Notice>
    );
  return <Notice tone="bad">{`The test was not delivered${took}: ${error}`}</Notice>;
}

function Trouble({ endpoint: { status, disabledReason } }: { endpoint: Endpoint }): VNode | null {
  if (status === 'enabled' || disabledReason === null) return null;
  return (
    <Notice tone="bad">
      It was disabled: {disabledReason} Events wait for it. Mend the receiver, test it, then enable it: it
      goes on where it stopped.
    </Notice>
  );
}

function Actions({ context, endpoint: { id, status } }: { context: PageContext; endpoint: Endpoint }): VNode {
  const path = `/endpoints/${id}`;
  return (
    <div class="actions">
      <PostButton context={context} action={`${path}/test`}>
        Send a test
      </PostButton>
      <ActionLink context={context} action={`${path}/edit`}>
        Edit
      </ActionLink>
      {status === 'disabled' && (
        <PostButton context={context} action={`${path}/enable`} kind="primary">
          Enable
        </PostButton>
      )}
    </div>
  );
}

function EndpointFacts({ endpoint, now }: { endpoint: Endpoint; now: Date }): VNode {
  const { id, description, eventTypes, mailboxIds, ordering, createdAt, filter, rateLimit, headers } =
    endpoint;
  return (
    <Facts
      facts={[
        ['Status', <EndpointState endpoint={endpoint} />],
        ['Description', description ?? '–'],
        ['Event types', eventTypes.join(', ') || 'all'],
        ['Mailboxes', mailboxIds.length === 0 ? 'all' : number(mailboxIds.length)],
        ['Ordering', ordering],
        ['Filter', filter === null ? 'none' : <code>{JSON.stringify(filter)}</code>],
        ['Rate limit', rateLimit === null ? 'none' : `${rateLimit} a second`],
        ['Headers', Object.keys(headers ?? {}).join(', ') || 'none'],
        ['Id', <code>{id}</code>],
        ['Added', <Time at={createdAt} now={now} />],
      ]}
    />
  );
}

interface DeliveriesProps {
  context: PageContext;
  endpoint: Endpoint;
  page: Page<Delivery>;
  query: { status: string | undefined; cursor: string | undefined };
}

function Deliveries({ context, endpoint: { id }, page, query }: DeliveriesProps): VNode {
  const path = `/endpoints/${id}`;
  return (
    <Panel title="Deliveries" aside={<StatusTabs path={path} current={query.status} />}>
      {page.data.length === 0 ? (
        <Empty title="None">What is delivered from now on appears here. A test is in no list.</Empty>
      ) : (
        <Table
          caption="Deliveries, the newest events first"
          rows={page.data}
          columns={[
            {
              name: 'Event',
              cell: ({ id, eventType }) => <a href={link(`/deliveries/${id}`)}>{eventType}</a>,
            },
            { name: 'Status', cell: ({ status }) => <DeliveryState status={status} /> },
            { name: 'Attempts', isNumber: true, cell: ({ attempts }) => number(attempts.length) },
            { name: 'Last answer', cell: lastAnswer },
            {
              name: 'Last attempt',
              cell: ({ attempts }) => <Time at={attempts.at(-1)?.at ?? null} now={context.now} />,
            },
            { name: 'Next', cell: ({ nextAttemptAt }) => <Time at={nextAttemptAt} now={context.now} /> },
          ]}
        />
      )}
      <Pager path={path} query={query} next={page.nextCursor} word="Older deliveries" />
      <div class="actions">
        <ActionLink context={context} action={`${path}/recover`}>
          Recover the dead…
        </ActionLink>
        <ActionLink context={context} action={`${path}/replay`}>
          Replay…
        </ActionLink>
      </div>
    </Panel>
  );
}

function lastAnswer({ attempts }: Delivery): string {
  const last = attempts.at(-1);
  if (!last) return '–';
  return [last.status, last.error].filter((part) => part !== null).join(': ') || '–';
}

function StatusTabs({ path, current }: { path: string; current: string | undefined }): VNode {
  return (
    <nav class="tabs" aria-label="Deliveries by status">
      {[undefined, ...DELIVERY_STATUSES].map((status) => (
        <a href={link(path, { status })} aria-current={status === current ? 'true' : undefined}>
          {status ?? 'all'}
        </a>
      ))}
    </nav>
  );
}

function Ending({ context, id }: { context: PageContext; id: string }): VNode | null {
  if (!context.can('write')) return null;
  const path = `/endpoints/${id}`;
  return (
    <Panel title="With consequences" isDangerous>
      <div class="actions">
        <ActionLink context={context} action={`${path}/rotate`}>
          Rotate the secret…
        </ActionLink>
        <ActionLink context={context} action={`${path}/disable`} kind="bad">
          Disable…
        </ActionLink>
        <ActionLink context={context} action={`${path}/delete`} kind="bad">
          Delete…
        </ActionLink>
      </div>
    </Panel>
  );
}
