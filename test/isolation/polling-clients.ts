interface Order {
  url: string;
  key: string;
  clients: number;
}

/** Statuses, and how often each was answered. */
const answers: Record<number, number> = {};
let stopped = false;
let clients: Promise<void>[] = [];

async function poll({ url, key }: Order): Promise<void> {
  while (!stopped) {
    const answer = await fetch(url, { headers: { authorization: `Bearer ${key}` } });
    await answer.text();
    answers[answer.status] = (answers[answer.status] ?? 0) + 1;
  }
}

process.on('message', (order: Order | { stop: true }) => {
  if ('stop' in order) {
    stopped = true;
    void Promise.all(clients).then(() => process.send!({ answers }));
  } else clients = Array.from({ length: order.clients }, () => poll(order));
});
process.once('disconnect', () => process.exit(0));
