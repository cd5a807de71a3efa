import type { Fault, FaultOptions } from '../../src/local-google/faults';
import type { LocalGoogle } from '../../src/local-google/local-google';
import type { SeededRandom } from '../../src/local-google/seeded-random';
import type { Tally } from './tally';

const READS = [
  'gmail.users.history.list',
  'gmail.users.history.list',
  'gmail.users.messages.get',
  'batch.gmail',
  'gmail.users.watch',
  'gmail.users.getProfile',
];
const SECOND_MS = 1_000;

interface Kind {
  name: string;
  weight: number;
  options: (random: SeededRandom) => FaultOptions;
}

const read = (random: SeededRandom) => random.pick(READS);
const soon = () => `User-rate limit exceeded.  Retry after ${new Date(Date.now() + SECOND_MS).toISOString()}`;

/**
 * Every way in which Google fails that is no verdict: what says that a grant is dead ends a mailbox, and has tests of
 * its own. A call that hangs ends with its connection
 * and takes no effect; an answer that is lost took effect.
 */
const KINDS: Kind[] = [
  {
    name: 'Gmail answers 5xx',
    weight: 6,
    options: (random) => ({ method: read(random), status: random.pick([500, 502, 503, 504]) }),
  },
  {
    name: 'Gmail answers 429 with Retry-After',
    weight: 3,
    options: (random) => ({
      ...{ method: read(random), status: 429, reason: 'rateLimitExceeded', retryAfter: 1 },
    }),
  },
  {
    // Each part of a batch counts as a call: this hits the parts in its middle, or some at its end.
    name: 'Gmail refuses parts of a batch (429)',
    weight: 3,
    options: (random) => ({
      ...{ method: 'gmail.users.messages.get', status: 429, reason: 'rateLimitExceeded' },
      ...{ skip: random.between(0, 20), times: random.between(3, 40) },
    }),
  },
  {
    name: 'a message is not found for a moment (404)',
    weight: 3,
    options: () => ({ method: 'gmail.users.messages.get', status: 404, reason: 'notFound' }),
  },
  {
    name: 'Gmail answers 403 with Retry-After',
    weight: 3,
    options: (random) => ({
      ...{ method: read(random), status: 403, reason: 'userRateLimitExceeded', retryAfter: 1 },
    }),
  },
  {
    name: 'Gmail answers 403 with "Retry after <time>"',
    weight: 2,
    options: (random) => ({
      ...{ method: read(random), status: 403, reason: 'userRateLimitExceeded', message: soon() },
    }),
  },
  {
    name: 'Gmail drops the connection',
    weight: 4,
    options: (random) => ({ method: read(random), dropConnection: true }),
  },
  {
    name: "Gmail's answer is lost",
    weight: 3,
    options: (random) => ({ method: read(random), dropConnection: true, when: 'after' }),
  },
  {
    name: 'Gmail hangs',
    weight: 1,
    options: (random) => ({ method: read(random), hang: true, dropConnection: true }),
  },
  {
    name: 'Gmail is slow',
    weight: 4,
    options: (random) => ({ method: read(random), delayMs: random.between(200, 3_000) }),
  },
  {
    name: "Gmail's answer is no history",
    weight: 1,
    options: () => ({ method: 'gmail.users.history.list', status: 200, body: {} }),
  },
  {
    name: 'the token endpoint fails',
    weight: 4,
    options: (random) => ({
      method: 'oauth2.token',
      ...random.pick<FaultOptions>([
        { status: 500, reason: 'internal_failure' },
        { status: 503, reason: 'temporarily_unavailable' },
        { dropConnection: true },
        { dropConnection: true, when: 'after' },
        { hang: true, dropConnection: true },
        { delayMs: 1_500 },
      ]),
    }),
  },
  {
    name: 'the key endpoint fails',
    weight: 3,
    options: (random) => ({
      method: 'oauth2.certs.jwk',
      ...random.pick<FaultOptions>([
        { status: 500 },
        { dropConnection: true },
        { delayMs: 1_000 },
        { status: 200, body: {} },
      ]),
    }),
  },
  {
    name: 'all of Google answers 503',
    weight: 1,
    options: (random) => ({ status: 503, times: random.between(10, 40) }),
  },
];

/** Arms one fault after the other, and knows how many calls each kind has hit. */
export class GoogleFaults {
  private readonly armed: { kind: Kind; fault: Fault }[] = [];
  /** Each kind once, before chance decides: a short run has all of them too. */
  private readonly first = [...KINDS];
  private readonly lots = KINDS.flatMap((kind) => Array.from({ length: kind.weight }, () => kind));

  constructor(
    private readonly google: LocalGoogle,
    private readonly random: SeededRandom,
  ) {}

  armNext(): void {
    const kind = this.first.pop() ?? this.random.pick(this.lots);
    const times = this.random.between(1, 2);
    this.armed.push({ kind, fault: this.google.failNext({ times, ...kind.options(this.random) }) });
  }

  report(tally: Tally): void {
    for (const kind of KINDS) {
      const hits = this.armed
        .filter((one) => one.kind === kind)
        .reduce((sum, { fault }) => sum + fault.hits, 0);
      tally.add(kind.name, hits);
    }
  }
}
