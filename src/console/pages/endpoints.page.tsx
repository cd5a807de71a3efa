import type { Endpoint } from '../../delivery/endpoint/endpoint.types';
import { EndpointService } from '../../delivery/api/endpoint.service';
import { Empty, Pager, Panel, Table, Time } from '../layout/components';
import { link, number } from '../layout/format';
import { EndpointState } from '../layout/states';
import type { PageContext, PageResponse } from '../page';
import { given, PAGE_SIZE } from './list-query';

export async function endpointsPage(context: PageContext): Promise<PageResponse> {
  const cursor = given(context, 'cursor');
  const page = { limit: PAGE_SIZE, ...(cursor !== undefined && { cursor }) };
  const { data, nextCursor } = await context.get(EndpointService).list(page);
  const content = (
    <>
      <div class="head">
        <h1>Endpoints</h1>
        {context.can('write') && (
          <a class="button primary" href={link('/endpoints/new')}>
            Add an endpoint
          </a>
        )}
      </div>
      <Panel title="Receivers of your events">
        {data.length === 0 ? (
          <Empty title="No endpoint is registered yet">
            An endpoint is a URL of your application: each event is posted to it, signed.{' '}
            <a href={link('/endpoints/new')}>Add one</a>.
          </Empty>
        ) : (
          <Table
            caption="Endpoints"
            rows={data}
            columns={[
              { name: 'URL', cell: ({ id, url }) => <a href={link(`/endpoints/${id}`)}>{url}</a> },
              { name: 'Description', cell: ({ description }) => description ?? <span class="muted">–</span> },
              { name: 'Status', cell: (endpoint) => <EndpointState endpoint={endpoint} /> },
              { name: 'Events', cell: ({ eventTypes }) => eventTypes.join(', ') || 'all' },
              { name: 'Mailboxes', isNumber: true, cell: mailboxesOf },
              { name: 'Added', cell: ({ createdAt }) => <Time at={createdAt} now={context.now} /> },
            ]}
          />
        )}
        <Pager path="/endpoints" query={{ cursor }} next={nextCursor} />
      </Panel>
    </>
  );
  return { title: 'Endpoints', content };
}

const mailboxesOf = ({ mailboxIds }: Endpoint): string =>
  mailboxIds.length === 0 ? 'all' : number(mailboxIds.length);
