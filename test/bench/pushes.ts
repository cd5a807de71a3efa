/** So many mailboxes share the pushes. */
export const MAILBOXES = 1_000;

export function addressOf(n: number): string {
  return `bench-${n % MAILBOXES}@bench.example`;
}

/** The body of a wrapped push, as Pub/Sub sends it: another mailbox each time, with ever higher history ids. */
export function pushBody(n: number, historyId: bigint, subscription: string): string {
  const data = Buffer.from(JSON.stringify({ emailAddress: addressOf(n), historyId: historyId.toString() }));
  const messageId = String(2_070_443_601_311_540n + BigInt(n));
  const publishTime = new Date().toISOString();
  const message = { data: data.toString('base64'), messageId, message_id: messageId, publishTime };
  return JSON.stringify({ message, subscription });
}
