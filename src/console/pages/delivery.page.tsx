import type { VNode } from 'preact';
import { DeliveryService } from '../../delivery/api/delivery.service';
import type { Attempt, Delivery } from '../../delivery/attempt/delivery.types';
import { Empty, Facts, Panel, PostButton, Time } from '../layout/components';
import { duration, link } from '../layout/format';
import { DeliveryState } from '../layout/states';
import type { PageContext, PageResponse } from '../page';

export async function deliveryPage(context: PageContext): Promise<PageResponse> {
  const delivery = await context.get(DeliveryService).get(context.params.id!);
  const { id, eventType, endpointId, attempts, status } = delivery;
  const content = (
    <>
      <div class="head">
        <div>
          <p class="small">
            <a href={link(`/endpoints/${endpointId}`)}>The endpoint</a>
          </p>
          <h1>Delivery of {eventType}</h1>
        </div>
        {status !== 'delivered' && (
          <PostButton context={context} action={`/deliveries/${id}/retry`} kind="primary">
            {status === 'dead' ? 'Try it again' : 'Try it now'}
          </PostButton>
        )}
      </div>
      <Panel title="Facts">
        <DeliveryFacts delivery={delivery} now={context.now} />
      </Panel>
      {attempts.length === 0 && <Empty title="No attempt yet">It waits for its turn.</Empty>}
      {attempts
        .map((attempt, index) => <AttemptPanel attempt={attempt} number={index + 1} now={context.now} />)
        .toReversed()}
    </>
  );
  return { title: `Delivery of ${eventType}`, content };
}

function DeliveryFacts({ delivery, now }: { delivery: Delivery; now: Date }): VNode {
  const { id, eventId, mailboxId, status, nextAttemptAt } = delivery;
  return (
    <Facts
      facts={[
        ['Status', <DeliveryState status={status} />],
        ['Next attempt', <Time at={nextAttemptAt} now={now} />],
        ['Event', <a href={link(`/events/${eventId}`)}>{eventId}</a>],
        ['Mailbox', mailboxId ? <a href={link(`/mailboxes/${mailboxId}`)}>{mailboxId}</a> : '–'],
        ['Id', <code>{id}</code>],
      ]}
    />
  );
}

function AttemptPanel({ attempt, number, now }: { attempt: Attempt; number: number; now: Date }): VNode {
  const { at, status, latencyMs, error, response } = attempt;
  return (
    <Panel title={`Attempt ${number}`} aside={<Time at={at} now={now} />}>
      <Facts
        facts={[
          ['Answer', status ?? 'none'],
          ['Took', latencyMs === null ? 'not known' : duration(latencyMs)],
          ['Why it failed', error ?? '–'],
        ]}
      />
      {response && <pre>{response}</pre>}
    </Panel>
  );
}

export async function retryDelivery(context: PageContext): Promise<PageResponse> {
  const id = context.params.id!;
  await context.get(DeliveryService).retry(id);
  return { redirect: `/deliveries/${id}?done=retry-requested` };
}
