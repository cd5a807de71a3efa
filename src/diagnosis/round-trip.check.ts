import { setTimeout as delay } from 'node:timers/promises';
import { type Check, failed, type Finding, ok } from './check';
import { asking } from './checks/service.checks';
import type { ServiceClient } from './service.client';

const PUSH_TIMEOUT_MS = 60_000;
const POLL_INTERVAL_MS = 500;

interface MailboxBody {
  detail?: string;
  watch: { labelIds: string[]; labelFilterBehavior: string } | null;
  sync: { lastNotificationAt: string | null };
}

/** Renews the watch as it is, which makes Gmail publish, and waits for the push. */
export function roundTripCheck(mailboxId: string): Check {
  return {
    name: 'round-trip',
    question: 'Does a push of Gmail arrive within a minute?',
    run: (context) => asking(context, (service) => roundTrip(service, mailboxId)),
  };
}

async function roundTrip(service: ServiceClient, mailboxId: string): Promise<Finding> {
  const path = `/v1/mailboxes/${encodeURIComponent(mailboxId)}`;
  const before = await service.get<MailboxBody>(path);
  if (before.status !== 200)
    return failed(`GET ${path} answers ${before.status}.`, 'Give the id of a mailbox of GET /v1/mailboxes.');
  const { watch, sync } = before.body;
  const filter = watch && { labelIds: watch.labelIds, labelFilterBehavior: watch.labelFilterBehavior };
  const begun = Date.now();
  const renewed = await service.put<MailboxBody>(`${path}/watch`, filter ?? {});
  if (renewed.status !== 200)
    return failed(
      `The watch was refused: ${renewed.body?.detail ?? renewed.status}`,
      'Mend what the answer says (docs/google.md, "When it does not work").',
    );
  while (Date.now() - begun < PUSH_TIMEOUT_MS) {
    const { body } = await service.get<MailboxBody>(path);
    const at = body?.sync?.lastNotificationAt;
    if (at && at !== sync.lastNotificationAt)
      return ok(`A push arrived ${((Date.now() - begun) / 1_000).toFixed(1)} s after the watch was renewed.`);
    await delay(POLL_INTERVAL_MS);
  }
  return failed(
    `No push arrived within ${PUSH_TIMEOUT_MS / 1_000} s of the renewal of the watch.`,
    'Mend what failed above: the publisher, the subscription, PUBLIC_URL. The log of the service names refused pushes. ' +
      `If nothing failed, the account may have another address by now, which POST ${path}/sync notices.`,
  );
}
