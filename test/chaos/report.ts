import type { ChaosCluster } from './chaos-cluster';
import type { FaultInjection } from './fault-injection';
import type { Verdict } from './verdict';

/** The table that a run ends with. */
export function report(
  cluster: ChaosCluster,
  faults: FaultInjection,
  verdict: Verdict,
  seconds: number,
): string {
  const { pushes, tally, poller } = cluster;
  faults.googleFaults.report(tally);
  tally.add('questions that the name server left unanswered', cluster.nameServer.questions.length);
  tally.add('pushes dropped', pushes.dropped);
  tally.add('pushes doubled', pushes.doubled);
  tally.add('pushes delayed and reordered', pushes.held);
  const { log, receivers } = verdict;
  return [
    heading('What happened'),
    row('changes in Gmail that count', verdict.changes),
    row('events in the log', verdict.events),
    row('events that a reader had seen before the faults were over', faults.done.events),
    row('webhooks that were taken before the faults were over', faults.done.webhooks),
    row('new addresses that were reported before the faults were over', faults.done.addressChanges),
    row('new addresses that were reported in all', poller.addressChanges),
    row('messages from before the connections that were reported', verdict.backfilled),
    row('mailboxes that were erased', cluster.doomed.length),
    row('seconds from the last change until all was settled', seconds),
    heading('Faults injected'),
    ...tally.rows
      .filter(([, count]) => count > 0)
      .toSorted(([a], [b]) => a.localeCompare(b))
      .map(([kind, count]) => row(kind, count)),
    heading('The log against the truth'),
    row('lost', log.lost),
    row('doubled', log.doubled),
    row('out of order', log.outOfOrder),
    row('holes in the sequence', log.holes),
    row('not seen by a reader of the list', verdict.unseen),
    row('pages that the reader had to ask for again', poller.refused),
    ...receivers.flatMap(({ name, ordering, taken, lost, invented, outOfOrder, repeats }) => [
      heading(`Webhooks, ${name}, against the log`),
      row('taken', taken),
      row('lost', lost),
      row('not as in the log', invented),
      ...(ordering === 'mailbox' ? [row('out of order', outOfOrder)] : []),
      row('came again under the same id', repeats),
    ]),
  ].join('\n');
}

function heading(text: string): string {
  return `\n${text}`;
}

function row(name: string, count: number): string {
  return `  ${name.padEnd(60)}${count.toLocaleString('en').padStart(9)}`;
}
