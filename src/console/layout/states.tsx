import type { VNode } from 'preact';
import type { MailboxView } from '../../connection/mailboxes/mailbox-view.service';
import type { Delivery } from '../../delivery/attempt/delivery.types';
import type { Endpoint } from '../../delivery/endpoint/endpoint.types';
import { Pill, Time, type Tone } from './components';

const MAILBOX: Record<string, [Tone, string]> = {
  active: ['good', 'Active'],
  reauthorization_required: ['bad', 'Needs consent'],
  disconnecting: ['warn', 'Disconnecting'],
  disconnected: ['calm', 'Disconnected'],
  erased: ['calm', 'Erased'],
};

export function MailboxState({ status }: { status: string }): VNode {
  const [tone, name] = MAILBOX[status] ?? ['calm', status];
  return <Pill tone={tone}>{name}</Pill>;
}

export function WatchState({ watch, now }: { watch: MailboxView['watch']; now: Date }): VNode {
  if (!watch) return <span class="muted">none</span>;
  if (watch.status === 'active')
    return (
      <>
        <Pill tone={watch.lastError ? 'warn' : 'good'}>{watch.lastError ? 'Renewal fails' : 'Live'}</Pill>{' '}
        <span class="muted">
          ends <Time at={watch.expiresAt} now={now} />
        </span>
      </>
    );
  const tone = watch.status === 'stopped' ? 'calm' : 'bad';
  return (
    <Pill tone={tone}>{{ expired: 'Expired', stopped: 'Stopped', failed: 'Failed' }[watch.status]}</Pill>
  );
}

/** Whether what notifications have named was read. */
export function Lag({ sync, now }: { sync: MailboxView['sync']; now: Date }): VNode {
  const { historyId, notifiedHistoryId, lastNotificationAt, lastError } = sync;
  if (lastError) return <Pill tone="bad">{lastError.code.replaceAll('_', ' ')}</Pill>;
  if (historyId === null) return <span class="muted">–</span>;
  const isBehind = notifiedHistoryId !== null && BigInt(notifiedHistoryId) > BigInt(historyId);
  if (!isBehind) return <Pill tone="good">None</Pill>;
  return (
    <>
      <Pill tone="warn">Behind</Pill> <Time at={lastNotificationAt} now={now} />
    </>
  );
}

export function EndpointState({ endpoint: { status, disabledReason } }: { endpoint: Endpoint }): VNode {
  if (status === 'enabled') return <Pill tone="good">Enabled</Pill>;
  return <Pill tone={disabledReason ? 'bad' : 'calm'}>Disabled</Pill>;
}

const DELIVERY: Record<Delivery['status'], [Tone, string]> = {
  delivered: ['good', 'Delivered'],
  pending: ['warn', 'Pending'],
  dead: ['bad', 'Dead'],
};

export function DeliveryState({ status }: { status: Delivery['status'] }): VNode {
  const [tone, name] = DELIVERY[status];
  return <Pill tone={tone}>{name}</Pill>;
}
