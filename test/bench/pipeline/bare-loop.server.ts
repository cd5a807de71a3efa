import { createHmac } from 'node:crypto';
import fastify from 'fastify';
import { readPushedHint, type WrappedPush } from '../read-pushed-hint';
import { requestJson } from './request-json';

/** What the bare loop is given: mailboxes with tokens that somebody else has seen to. */
export interface BareLoopOrder {
  google: string;
  topic: string;
  receiver: string;
  /** `metadata` reads each new message, `ids` does not. */
  payload: string;
  mailboxes: { emailAddress: string; accessToken: string }[];
}

interface Mailbox {
  emailAddress: string;
  accessToken: string;
  historyId: string;
  sequence: number;
  /** A notification has come that no reading of the history has begun after. */
  hinted: boolean;
  reading: boolean;
}

interface HistoryPage {
  historyId: string;
  nextPageToken?: string;
  history?: { id: string; messagesAdded?: { message: { id: string; threadId: string } }[] }[];
}

const SECRET = Buffer.from('the secret of the bare loop');

/**
 * The yardstick of the pipeline: what a good engineer writes in an afternoon. A push, the history, each new message, a
 * signed POST, mailbox by mailbox in order. It verifies, stores and repeats nothing, and loses what fails.
 */
class BareLoop {
  private readonly mailboxes = new Map<string, Mailbox>();

  constructor(private readonly order: BareLoopOrder) {}

  async watch(): Promise<void> {
    for (const { emailAddress, accessToken } of this.order.mailboxes) {
      const watch = await requestJson<{ historyId: string }>(`${this.order.google}/gmail/v1/users/me/watch`, {
        token: accessToken,
        body: JSON.stringify({ topicName: this.order.topic, labelIds: [] }),
      });
      this.mailboxes.set(emailAddress, {
        emailAddress,
        accessToken,
        historyId: watch.historyId,
        sequence: 0,
        hinted: false,
        reading: false,
      });
    }
  }

  notified(emailAddress: string): void {
    const mailbox = this.mailboxes.get(emailAddress);
    if (!mailbox) return;
    mailbox.hinted = true;
    if (!mailbox.reading) void this.read(mailbox);
  }

  private async read(mailbox: Mailbox): Promise<void> {
    mailbox.reading = true;
    while (mailbox.hinted) {
      mailbox.hinted = false;
      await this.readHistory(mailbox);
    }
    mailbox.reading = false;
  }

  private async readHistory(mailbox: Mailbox): Promise<void> {
    const from = mailbox.historyId;
    for (let pageToken: string | undefined = ''; pageToken !== undefined;) {
      const path = `/history?startHistoryId=${from}&maxResults=500${pageToken && `&pageToken=${pageToken}`}`;
      const page: HistoryPage = await this.gmail(mailbox, path);
      for (const { id, messagesAdded = [] } of page.history ?? [])
        for (const { message } of messagesAdded) await this.report(mailbox, id, message);
      mailbox.historyId = page.historyId;
      pageToken = page.nextPageToken;
    }
  }

  private async report(
    mailbox: Mailbox,
    historyId: string,
    { id, threadId }: { id: string; threadId: string },
  ): Promise<void> {
    const message =
      this.order.payload === 'ids' ? undefined : await this.gmail(mailbox, `/messages/${id}?format=metadata`);
    mailbox.sequence += 1;
    const eventId = `evt_${mailbox.emailAddress}_${mailbox.sequence}`;
    const body = JSON.stringify({
      id: eventId,
      type: 'message.added',
      sequence: mailbox.sequence,
      occurredAt: new Date().toISOString(),
      mailbox: { id: mailbox.emailAddress, emailAddress: mailbox.emailAddress },
      data: { messageId: id, threadId, historyId, message },
    });
    const timestamp = String(Math.floor(Date.now() / 1_000));
    const signature = createHmac('sha256', SECRET).update(`${eventId}.${timestamp}.${body}`).digest('base64');
    await requestJson(this.order.receiver, {
      body,
      headers: {
        'webhook-id': eventId,
        'webhook-timestamp': timestamp,
        'webhook-signature': `v1,${signature}`,
      },
    });
  }

  private gmail<T>({ accessToken }: Mailbox, path: string): Promise<T> {
    return requestJson<T>(`${this.order.google}/gmail/v1/users/me${path}`, { token: accessToken });
  }
}

async function serve(order: BareLoopOrder): Promise<string> {
  const loop = new BareLoop(order);
  const app = fastify();
  app.post<{ Body: WrappedPush }>('/push', (request, reply) => {
    loop.notified(readPushedHint(request.body).emailAddress);
    return reply.code(204).send();
  });
  const origin = await app.listen({ port: 0, host: '127.0.0.1' });
  process.on('message', () => void loop.watch().then(() => process.send!('watching')));
  return `${origin}/push`;
}

process.once('message', (order: BareLoopOrder) => void serve(order).then((url) => process.send!(url)));
process.once('disconnect', () => process.exit(0));
