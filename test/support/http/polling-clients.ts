/** Run as a program: see `startPolling`. */
export interface PollingOrder {
  url: string;
  key: string;
  clients: number;
}

/** Statuses, and how often each was answered. */
const answers: Record<number, number> = {};
let stopped = false;
let clients: Promise<void>[] = [];

async function poll({ url, key }: PollingOrder): Promise<void> {
  while (!stopped) {
    const answer = await fetch(url, { headers: { authorization: `Bearer ${key}` } });
    await answer.text();
    if (Object.keys(answers).length === 0) process.send!('under way');
    answers[answer.status] = (answers[answer.status] ?? 0) + 1;
  }
}

process.on('message', (order: PollingOrder | 'stop') => {
  if (order !== 'stop') clients = Array.from({ length: order.clients }, () => poll(order));
  else {
    stopped = true;
    void Promise.all(clients).then(() => process.send!(answers));
  }
});
process.once('disconnect', () => process.exit(0));
