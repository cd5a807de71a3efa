import fc from 'fast-check';
import type { PushChaos } from '../../../src/local-google/pubsub/push-settings';

/** How many mailboxes the steps are about. */
export const MAILBOXES = 5;
/** This one is erased in some runs, in the middle of everything. */
const DOOMED = 4;
export const LABELS = ['INBOX', 'UNREAD', 'STARRED', 'IMPORTANT'];

const box = fc.nat(MAILBOXES - 1);
const which = fc.nat(50);
const labels = fc.subarray(LABELS, { minLength: 1 });
/** What happens to mailboxes of the local Google, or is asked of the product. */
export const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('deliver' as const), box, labels }) },
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant('relabel' as const), box, which, add: labels, remove: labels }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('delete' as const), box, which }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('several' as const), box, which, labels }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constantFrom('silent', 'lag', 'tokens', 'ask', 'read'), box }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('backfill' as const), box }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('erase' as const), box: fc.constant(DOOMED) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('rename' as const), box }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('swap' as const), box, other: box }) },
);

export type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

const probability = fc.constantFrom(0, 0.2, 0.6);
/** How badly Pub/Sub pushes. */
export const chaos: fc.Arbitrary<PushChaos> = fc.record({
  ...{ drop: fc.constantFrom(0, 0.3, 1), duplicate: probability, delay: probability, reorder: probability },
  holdMs: fc.constantFrom(5, 100),
});
