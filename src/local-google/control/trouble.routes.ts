import type { Fault, FaultOptions } from '../faults';
import { json } from '../http/exchange';
import { mailboxOf } from './account.routes';
import type { ControlCall, ControlRoute } from './control-route';
import { ControlError, readFields } from './fields';
import { FAULT_FIELDS, faultOptions, type FaultInput } from './fault-input';

/** How many of the last requests are listed. */
const LISTED_REQUESTS = 100;

const WHOSE = { 'emailAddress!': 'string' } as const;
const FAULT_WORDS = {
  method: 'gmail.users.history.list, gmail.users.watch, oauth2.token, batch.gmail, …; any when left out',
  account: 'whose calls; anybody’s when left out',
  status: 'HTTP status',
  reason: 'Google’s reason: rateLimitExceeded, invalid_grant, …',
  message: 'Google’s sentence',
  retryAfter: 'seconds for Retry-After',
  delayMs: 'the answer comes so much later',
  hang: 'true: no answer until the fault is removed',
  dropConnection: 'true: the connection breaks',
  when: 'before (the call does nothing) or after (it takes effect, and its answer is lost)',
  times: 'how many calls it hits (1)',
  skip: 'how many pass before it (0)',
};

/** What goes wrong, on demand. */
export const TROUBLE_ROUTES: ControlRoute[] = [
  {
    method: 'POST',
    path: '/control/faults',
    does: 'makes the next calls that fit fail, hang, come late or lose their answers',
    takes: FAULT_WORDS,
    run: ({ state, body }) => {
      const options = faultOptions(readFields<FaultInput>(body, FAULT_FIELDS));
      return json(201, faultBody(state.faults.failNext(options)));
    },
  },
  {
    method: 'GET',
    path: '/control/faults',
    does: 'lists the faults, with the calls that they have hit',
    run: ({ state }) => json(200, { data: state.faults.list().map(faultBody) }),
  },
  {
    method: 'DELETE',
    path: '/control/faults',
    does: 'removes all faults',
    run: ({ state }) => {
      state.faults.clear();
      return { status: 204 };
    },
  },
  {
    method: 'POST',
    path: '/control/history/expire',
    does: 'makes Gmail forget the history so far: reading from an id of before is answered 404',
    takes: { emailAddress: 'required' },
    run: forAccount(({ mailboxes }, address) => mailboxes.expireHistory(address)),
  },
  {
    method: 'POST',
    path: '/control/notify',
    does: 'publishes a notification of the mailbox as it is now',
    takes: { emailAddress: 'required' },
    run: forAccount(({ mailboxes }, address) => mailboxes.notify(address)),
  },
  {
    method: 'POST',
    path: '/control/tokens/refuse',
    does: 'the owner removes the application (kind: grant), or its access tokens alone die (kind: access)',
    takes: { emailAddress: 'required', kind: 'grant (default) or access' },
    run: refuseTokens,
  },
  {
    method: 'POST',
    path: '/control/consent',
    does: 'how the consent page is answered: by a person (ask), or by itself (approve, deny)',
    takes: {
      decision: 'ask, approve or deny, required',
      emailAddress: 'who consents: else the login hint, or the first',
    },
    run: decideConsents,
  },
  {
    method: 'GET',
    path: '/control/requests',
    does: `lists the last ${LISTED_REQUESTS} calls, newest first`,
    takes: { method: 'a whole name, or a prefix that ends in a dot: gmail.' },
    run: ({ state, query }) => {
      const found = state.log.list({ method: query.get('method') ?? undefined });
      return json(200, { data: found.slice(-LISTED_REQUESTS).reverse() });
    },
  },
];

function forAccount(run: (call: ControlCall, address: string) => void): ControlRoute['run'] {
  return (call) => {
    const { emailAddress } = readFields<{ emailAddress: string }>(call.body, WHOSE);
    run(call, mailboxOf(call.state, emailAddress).address);
    return { status: 204 };
  };
}

function refuseTokens({ state, body }: ControlCall) {
  const { emailAddress, kind = 'grant' } = readFields<{ emailAddress: string; kind?: string }>(body, {
    ...WHOSE,
    kind: 'string',
  });
  const { address } = mailboxOf(state, emailAddress);
  if (kind !== 'grant' && kind !== 'access') throw new ControlError(400, '"kind" must be grant or access.');
  if (kind === 'grant') state.grants.revoke(address);
  else state.grants.killAccessTokens(address);
  return { status: 204 };
}

function decideConsents({ state, body }: ControlCall) {
  const { decision, emailAddress } = readFields<{ decision: string; emailAddress?: string }>(body, {
    'decision!': 'string',
    emailAddress: 'string',
  });
  if (decision !== 'ask' && decision !== 'approve' && decision !== 'deny')
    throw new ControlError(400, '"decision" must be ask, approve or deny.');
  const account = emailAddress === undefined ? undefined : mailboxOf(state, emailAddress).address;
  state.switches.consent = { decision, account };
  return { status: 204 };
}

function faultBody({ options, hits, spent }: Fault): object {
  const { path, ...rest }: FaultOptions = options;
  return { ...rest, ...(path && { path: path.source }), hits, spent };
}
