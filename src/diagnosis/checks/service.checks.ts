import { describeError } from '../../common/describe-error';
import { type Check, failed, type Finding, ok, skipped, warning } from '../check';
import type { DoctorContext } from '../doctor-context';
import { malformed } from '../setting-faults';

const START = 'Start the service (`npm start`), and look at its log.';
const DAY_MS = 86_400_000;
/** While the consent screen is in Testing, Google ends a grant 7 days after the consent. */
const TESTING_MS = { from: 6.5 * DAY_MS, to: 7.5 * DAY_MS };
const MAX_ASKED_MAILBOXES = 20;
const QUIET_MS = DAY_MS;

interface HealthPart {
  status: 'up' | 'degraded' | 'down';
  detail?: string;
}

interface Ready {
  status?: 'ok' | 'degraded' | 'unavailable';
  checks?: Record<string, HealthPart>;
}

interface MailboxBody {
  id: string;
  emailAddress: string;
  status: string;
  watch: { status: string } | null;
  sync: { lastNotificationAt: string | null };
}

export const SERVICE_CHECK: Check = {
  name: 'service',
  question: 'Can the running service do its work?',
  run: (context) =>
    withReady(context, (ready) => {
      const parts = Object.entries(ready.checks ?? {}).filter(([name]) => name !== 'watches');
      const wrong = parts
        .filter(([, { status }]) => status !== 'up')
        .map(([name, { detail }]) => `${name}: ${detail}`);
      if (ready.status === 'unavailable') return failed(wrong.join('; '), START);
      return wrong.length > 0 ? warning(wrong.join('; '), START) : ok('It is ready.');
    }),
};

export const WATCHES_CHECK: Check = {
  name: 'watches',
  question: 'Are all watches renewed in time?',
  run: (context) =>
    withParts(context, (checks) => {
      const { status, detail = '' } = checks.watches ?? { status: 'up' };
      return status === 'up'
        ? ok('None is overdue.')
        : warning(detail, '`watch.lastError` of GET /v1/mailboxes says why, and docs/google.md what to do.');
    }),
};

export const MAILBOXES_CHECK: Check = {
  name: 'mailboxes',
  question: 'Does any owner have to consent again?',
  run: (context) => withMailboxes(context, (mailboxes) => classifyConsents(context, mailboxes)),
};

export const PUSH_CHECK: Check = {
  name: 'push',
  question: 'Do pushes arrive?',
  run: (context) =>
    withMailboxes(context, async (mailboxes) => {
      const watched = mailboxes.filter(
        ({ status, watch }) => status === 'active' && watch?.status === 'active',
      );
      const times = mailboxes.flatMap(({ sync }) => sync.lastNotificationAt ?? []).sort();
      const last = times.at(-1);
      if (watched.length === 0 && last === undefined)
        return ok('No mailbox is watched yet, and so none can arrive.');
      if (last === undefined)
        return failed(
          'None has arrived yet, and Gmail sends one at the start of each watch.',
          'Mend what failed above; then run doctor with --round-trip MAILBOX_ID.',
        );
      if (Date.now() - Date.parse(last) > QUIET_MS)
        return warning(
          `The last one arrived at ${last}.`,
          'Run doctor with --round-trip MAILBOX_ID: Gmail then sends one.',
        );
      return ok(`The last one arrived at ${last}.`);
    }),
};

async function classifyConsents(
  { service }: DoctorContext,
  mailboxes: readonly MailboxBody[],
): Promise<Finding> {
  const ended = mailboxes.filter(({ status }) => status === 'reauthorization_required');
  if (ended.length === 0) return ok(`${mailboxes.length} mailboxes, and none needs a new consent.`);
  const asked = ended.slice(0, MAX_ASKED_MAILBOXES);
  const ages = await Promise.all(asked.map(({ id }) => ageOfConsent(service, id)));
  const names = asked.map(({ emailAddress }) => emailAddress).join(', ');
  const count = `${ended.length} of ${mailboxes.length} mailboxes need a new consent: ${names}.`;
  if (ages.every((age) => age !== undefined && age >= TESTING_MS.from && age <= TESTING_MS.to))
    return failed(
      `${count} All of them ended about 7 days after their consent: the consent screen is in "Testing".`,
      'Publish it (https://console.cloud.google.com/auth/audience), and let the owners consent once more.',
    );
  return warning(count, 'Let the owners consent again: POST /v1/connect-sessions with their mailboxId.');
}

/** How long the last consent of the mailbox has held; undefined when the log does not say. */
async function ageOfConsent(
  service: DoctorContext['service'],
  mailboxId: string,
): Promise<number | undefined> {
  const types = 'mailbox.connected,mailbox.reauthorization_required';
  const { body } = await service.get<{ data?: { type: string; occurredAt: string }[] }>(
    `/v1/events?mailboxId=${mailboxId}&types=${types}&limit=500`,
  );
  const events = body?.data ?? [];
  const end = events.findLast(({ type }) => type === 'mailbox.reauthorization_required');
  const begin = events.findLast(
    ({ type, occurredAt }) => type === 'mailbox.connected' && end && occurredAt < end.occurredAt,
  );
  return end && begin && Date.parse(end.occurredAt) - Date.parse(begin.occurredAt);
}

/** Asks the service, unless a setting keeps its address from being known. Where PUBLIC_URL leads to it, no other is needed. */
export async function asking(
  { service, faults }: DoctorContext,
  ask: (service: DoctorContext['service']) => Promise<Finding>,
): Promise<Finding> {
  const cannotAsk = service.origin === undefined ? malformed(faults, 'HOST', 'PORT') : undefined;
  return cannotAsk ?? ask(service);
}

function withReady(context: DoctorContext, classify: (ready: Ready) => Finding): Promise<Finding> {
  return asking(context, async (service) => {
    const ready = await readyOf(service);
    return 'fault' in ready ? failed(ready.fault, START) : classify(ready);
  });
}

/** For what only the service can say: that it does not answer is said once. */
function withParts(
  context: DoctorContext,
  classify: (parts: Record<string, HealthPart>) => Finding,
): Promise<Finding> {
  return asking(context, async (service) => {
    const ready = await readyOf(service);
    return 'fault' in ready ? skipped('The service does not say it.', START) : classify(ready.checks ?? {});
  });
}

async function readyOf(service: DoctorContext['service']): Promise<Ready | { fault: string }> {
  try {
    const { body, status } = await service.get<Ready>('/health/ready');
    if (body?.checks !== undefined) return body;
    return { fault: `${service.localUrl}/health/ready answers ${status}, and not as this service does.` };
  } catch (error) {
    return { fault: `${describeError(error)}.` };
  }
}

function withMailboxes(
  context: DoctorContext,
  classify: (mailboxes: MailboxBody[]) => Promise<Finding>,
): Promise<Finding> {
  return asking(context, (service) => ofMailboxes(service, classify));
}

async function ofMailboxes(
  service: DoctorContext['service'],
  classify: (mailboxes: MailboxBody[]) => Promise<Finding>,
): Promise<Finding> {
  if (service.apiKey === undefined)
    return skipped(
      'The API key of the service is not known here.',
      'Set API_KEY, or DATA_DIR in which the service keeps it.',
    );
  try {
    const mailboxes: MailboxBody[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const { status, body } = await service.get<{ data?: MailboxBody[]; nextCursor: string | null }>(
        `/v1/mailboxes?limit=500${page}`,
      );
      if (status === 401 || status === 403)
        return skipped(
          'The service refuses the API key.',
          'Set API_KEY to the one that the service runs with.',
        );
      if (body?.data === undefined) return failed(`GET /v1/mailboxes answers ${status}.`, START);
      mailboxes.push(...body.data);
      cursor = body.nextCursor;
    }
    return await classify(mailboxes);
  } catch (error) {
    return failed(describeError(error), START);
  }
}
