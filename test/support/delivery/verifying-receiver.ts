import { Webhook } from 'standardwebhooks';
import { type Received, Receiver } from '../../fakes/receiver/receiver';
import type { ApiClient } from '../api-client';
import type { ChangeLedger, ReceivedEvent, Verdict } from '../sync/change-ledger';

export interface VerifiedDelivery {
  event: ReceivedEvent;
  /** Undefined when the signature is not good: then nothing is believed. */
  verdict: Verdict | undefined;
}

/** What an operator writes to receive webhooks: verify the signature, then use the event. */
export class VerifyingReceiver {
  forged = 0;
  private webhook: Webhook | undefined;

  private constructor(
    private readonly receiver: Receiver,
    private readonly ledger: ChangeLedger,
    private readonly report: (delivery: VerifiedDelivery) => void,
  ) {
    receiver.answer = (request) => this.receive(request);
  }

  static async start(
    ledger: ChangeLedger,
    report: (delivery: VerifiedDelivery) => void = () => {},
  ): Promise<VerifyingReceiver> {
    return new VerifyingReceiver(await Receiver.start(), ledger, report);
  }

  get url(): string {
    return `${this.receiver.origin}/webhooks`;
  }

  /** Registers itself: the answer has the secret, and that is shown only once. */
  async register(api: ApiClient, description: string): Promise<void> {
    const { secret } = await api.post('/v1/endpoints', { url: this.url, description }, 201);
    this.webhook = new Webhook(secret);
  }

  stop(): Promise<void> {
    return this.receiver.stop();
  }

  private receive({ body, headers }: Received): number {
    // The receiver of the tests remembers everything; this one may run for days.
    this.receiver.received.length = 0;
    const event = JSON.parse(body) as ReceivedEvent;
    try {
      this.webhook!.verify(body, headers);
    } catch {
      this.forged += 1;
      this.report({ event, verdict: undefined });
      return 400;
    }
    this.report({ event, verdict: this.ledger.receive(event) });
    return 204;
  }
}
