import { once } from 'node:events';
import { explainListenError, ListenError } from '../../common/listen.error';
import { ControlError } from '../../local-google/control/fields';
import { parseFault } from '../../local-google/control/fault-input';
import type { FaultOptions } from '../../local-google/faults';
import { LocalGoogle } from '../../local-google/local-google';
import type { Switches } from '../../local-google/switches';
import { type CommandContext, UsageError } from '../command';

/** `EX_CONFIG` of sysexits(3), as for the service: a port that cannot be had. */
const EXIT_UNUSABLE = 78;

const PROJECT = { projectId: 'inboxwire-local', projectNumber: '100000000001' };
const CLIENT = {
  clientId: `${PROJECT.projectNumber}-local.apps.googleusercontent.com`,
  clientSecret: 'local-secret',
};
const TOPIC = `projects/${PROJECT.projectId}/topics/gmail`;
const SUBSCRIPTION = `projects/${PROJECT.projectId}/subscriptions/gmail-push`;
const SERVICE_ACCOUNT = `pubsub-push@${PROJECT.projectId}.iam.gserviceaccount.com`;
const WEBHOOK_PATH = '/webhooks/gmail';
const FIRST_ACCOUNT = 'ada@demo.example';

interface GoogleOptions {
  port: string;
  account?: string[];
  pushTo: string;
  fault?: string[];
  consent: string;
}

interface ReadOptions {
  port: number;
  accounts: string[];
  pushTo: URL;
  faults: FaultOptions[];
  decision: Switches['consent']['decision'];
}

/** Runs the local Google until the signal aborts. */
export async function runGoogle(context: CommandContext<GoogleOptions>): Promise<number> {
  const { print, report, signal } = context;
  const options = readOptions(context.options);
  let google: LocalGoogle;
  try {
    google = await LocalGoogle.start({ ...CLIENT, ...PROJECT, port: options.port, seed: Date.now() });
  } catch (error) {
    const explained = explainListenError(error, {
      host: '127.0.0.1',
      port: options.port,
      portName: '--port',
    });
    if (!(explained instanceof ListenError)) throw error;
    report(explained.message);
    return EXIT_UNUSABLE;
  }
  prepare(google, options);
  report(
    `The local Google listens on ${google.origin}. Send mail from ${google.origin}/, or by the API of /control.`,
  );
  report(`Accounts: ${google.accounts().join(', ')}. Pushes go to ${options.pushTo.href}.`);
  report('Start the service with these settings:');
  for (const [name, value] of Object.entries(settingsFor(google, options.pushTo))) print(`${name}=${value}`);
  if (!signal.aborted) await once(signal, 'abort');
  await google.stop();
  return 0;
}

function prepare(google: LocalGoogle, { accounts, pushTo, faults, decision }: ReadOptions): void {
  for (const account of accounts) google.addAccount(account, { historyStart: historyStart() });
  const url = pushTo.href;
  google.pushTo({
    url,
    audience: url,
    topic: TOPIC,
    subscription: SUBSCRIPTION,
    serviceAccount: SERVICE_ACCOUNT,
  });
  for (const fault of faults) google.failNext(fault);
  google.switches.consent = { decision };
}

/** Higher than those of every earlier run, so that a service that keeps its database reads on; above 2^53 as Gmail's may be. */
function historyStart(): bigint {
  return 2n ** 53n + BigInt(Date.now()) * 1_000n + 1n;
}

function settingsFor(google: LocalGoogle, pushTo: URL): Record<string, string> {
  const isUsual = pushTo.pathname === WEBHOOK_PATH && pushTo.search === '';
  return {
    GOOGLE_ORIGIN: google.origin,
    GOOGLE_CLIENT_ID: CLIENT.clientId,
    GOOGLE_CLIENT_SECRET: CLIENT.clientSecret,
    PUBSUB_TOPIC: TOPIC,
    PUBSUB_SUBSCRIPTION: SUBSCRIPTION,
    PUBSUB_PUSH_SERVICE_ACCOUNT: SERVICE_ACCOUNT,
    PUBLIC_URL: pushTo.origin,
    ...(isUsual ? {} : { PUBSUB_PUSH_AUDIENCE: pushTo.href }),
    ...(pushTo.port === '' ? {} : { PORT: pushTo.port }),
    ALLOW_PRIVATE_ENDPOINTS: 'true',
  };
}

function readOptions({ port, account, pushTo, fault = [], consent }: GoogleOptions): ReadOptions {
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535)
    throw new UsageError('--port takes a number from 0 to 65535.');
  if (consent !== 'ask' && consent !== 'approve' && consent !== 'deny')
    throw new UsageError('--consent takes ask, approve or deny.');
  // Google treats capitals and small letters alike.
  const accounts = [...new Map((account ?? [FIRST_ACCOUNT]).map((one) => [one.toLowerCase(), one])).values()];
  const noAddress = accounts.find((address) => !/^[^@\s]+@[^@\s]+$/.test(address));
  if (noAddress !== undefined)
    throw new UsageError(`--account takes an e-mail address, and "${noAddress}" is none.`);
  try {
    const faults = fault.map((text) => parseFault(text));
    return { port: Number(port), accounts, pushTo: readPushTo(pushTo), faults, decision: consent };
  } catch (error) {
    if (error instanceof ControlError) throw new UsageError(error.message);
    throw error;
  }
}

function readPushTo(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol))
    throw new UsageError('--push-to takes a URL, such as http://localhost:3000.');
  if (url.pathname === '/') url.pathname = WEBHOOK_PATH;
  return url;
}
