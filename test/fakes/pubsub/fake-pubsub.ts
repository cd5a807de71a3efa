import {
  Metadata,
  type sendUnaryData,
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  type ServerUnaryCall,
  status,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { FakeSubscription, type PublishedMessage, type Reader } from './fake-subscription';
import { PUBLISHER, SUBSCRIBER } from './pubsub-protocol';

interface PullRequest {
  subscription: string;
  streamAckDeadlineSeconds: number;
  maxOutstandingMessages: number;
}

type PullStream = ServerDuplexStream<PullRequest, { receivedMessages: unknown[] }>;

interface Refusal {
  code: status;
  details: string;
  times: number;
}

const SWEEP_INTERVAL_MS = 50;

/**
 * Pub/Sub over gRPC on loopback, with what its worst days bring: streams that end, leases that run out, duplicates, lost
 * acknowledgements, missing permissions and subscriptions that are deleted. Clients reach it as an emulator.
 */
export class FakePubsub {
  private readonly subscriptions = new Map<string, FakeSubscription>();
  private readonly topics = new Map<string, { subscriptions: Set<string>; published: PublishedMessage[] }>();
  private readonly streams = new Map<PullStream, string>();
  private readonly refusals = new Map<string, Refusal>();
  private readonly sweep = setInterval(() => this.expire(), SWEEP_INTERVAL_MS).unref();
  /** How many streams were opened. */
  streamsOpened = 0;
  private messages = 0;

  private constructor(
    private readonly server: Server,
    readonly host: string,
  ) {}

  /** @param port 0, the default, takes any free one */
  static async start(port = 0): Promise<FakePubsub> {
    const server = new Server();
    const bound = await new Promise<number>((resolve, reject) =>
      server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error, given) =>
        error ? reject(error) : resolve(given),
      ),
    );
    const pubsub = new FakePubsub(server, `127.0.0.1:${bound}`);
    server.addService(SUBSCRIBER, pubsub.subscriber());
    server.addService(PUBLISHER, pubsub.publisher());
    return pubsub;
  }

  /** Connections are cut. */
  stop(): void {
    clearInterval(this.sweep);
    this.server.forceShutdown();
  }

  createTopic(name: string): void {
    if (!this.topics.has(name)) this.topics.set(name, { subscriptions: new Set(), published: [] });
  }

  deleteTopic(name: string): void {
    this.topics.delete(name);
  }

  /** What was published to a topic, in order. */
  published(topic: string): PublishedMessage[] {
    return this.topics.get(topic)?.published ?? [];
  }

  createSubscription(name: string, topic: string): FakeSubscription {
    this.createTopic(topic);
    const subscription = new FakeSubscription(name);
    this.subscriptions.set(name, subscription);
    this.topics.get(topic)!.subscriptions.add(name);
    return subscription;
  }

  /** Its streams end, and what waits in it is gone. */
  deleteSubscription(name: string): void {
    this.subscriptions.delete(name);
    for (const { subscriptions } of this.topics.values()) subscriptions.delete(name);
    this.endStreams(status.NOT_FOUND, `Resource not found (resource=${name}).`);
  }

  publish(topic: string, data: Buffer, more: Partial<PublishedMessage> = {}): string {
    const messageId = String(++this.messages);
    const publishTime = { seconds: Math.floor(Date.now() / 1_000), nanos: 0 };
    const message = { data, attributes: {}, orderingKey: '', ...more, messageId, publishTime };
    const known = this.topics.get(topic);
    if (!known) throw new Error(`There is no topic ${topic}`);
    known.published.push(message);
    for (const name of known.subscriptions) this.subscriptions.get(name)?.publish(message);
    return messageId;
  }

  /** Ends every stream, as Google does every now and then. */
  endStreams(code = status.UNAVAILABLE, details = 'The service was unable to fulfill your request.'): void {
    for (const stream of this.streams.keys()) stream.emit('error', { code, details });
  }

  /** Calls of a method, such as `StreamingPull` or `Publish`, are refused until `times` of them were. */
  refuse(method: string, code: status, times = Infinity): void {
    this.refusals.set(method, { code, details: `refused: ${status[code]}`, times });
  }

  allow(method: string): void {
    this.refusals.delete(method);
  }

  private expire(): void {
    for (const subscription of this.subscriptions.values()) subscription.expireLeases();
  }

  private refusal(method: string): { code: status; details: string } | undefined {
    const refusal = this.refusals.get(method);
    if (!refusal || refusal.times <= 0) return undefined;
    refusal.times--;
    return refusal;
  }

  private subscriber(): UntypedServiceImplementation {
    return {
      streamingPull: (stream: PullStream) => this.pull(stream),
      acknowledge: this.unary<{ subscription: string; ackIds: string[] }>('Acknowledge', (request) => {
        this.subscriptionOf(request).acknowledge(request.ackIds);
        return {};
      }),
      modifyAckDeadline: this.unary<{ subscription: string; ackIds: string[]; ackDeadlineSeconds: number }>(
        'ModifyAckDeadline',
        (request) => {
          this.subscriptionOf(request).extend(request.ackIds, request.ackDeadlineSeconds * 1_000);
          return {};
        },
      ),
    };
  }

  private publisher(): UntypedServiceImplementation {
    return {
      publish: this.unary<{ topic: string; messages: PublishedMessage[] }>(
        'Publish',
        ({ topic, messages }) => {
          if (!this.topics.has(topic)) throw notFound(topic);
          return {
            messageIds: messages.map(({ data, attributes, orderingKey }) =>
              this.publish(topic, data, { attributes, orderingKey }),
            ),
          };
        },
      ),
    };
  }

  private unary<T>(method: string, answer: (request: T) => object) {
    return (call: ServerUnaryCall<T, object>, respond: sendUnaryData<object>): void => {
      try {
        const refused = this.refusal(method);
        if (refused) respond({ ...refused, metadata: new Metadata() });
        else respond(null, answer(call.request));
      } catch (error) {
        respond(error as Error);
      }
    };
  }

  private pull(stream: PullStream): void {
    this.streamsOpened++;
    let reader: Reader | undefined;
    let subscription: FakeSubscription | undefined;
    const end = () => {
      this.streams.delete(stream);
      if (reader) subscription?.removeReader(reader);
    };
    stream.on('data', (request: PullRequest) => {
      const refused = this.refusal('StreamingPull');
      if (refused) return void stream.emit('error', refused);
      // Nothing but a keep-alive after the first.
      if (reader) return void stream.write({ receivedMessages: [] });
      subscription = this.subscriptions.get(request.subscription);
      if (!subscription) return void stream.emit('error', notFound(request.subscription));
      this.streams.set(stream, request.subscription);
      reader = {
        maxMessages: request.maxOutstandingMessages || Infinity,
        leaseMs: request.streamAckDeadlineSeconds * 1_000,
        held: new Set(),
        send: (receivedMessages) => void stream.write({ receivedMessages }),
      };
      subscription.addReader(reader);
    });
    for (const event of ['end', 'error', 'close', 'cancelled']) stream.on(event, end);
    stream.on('end', () => stream.end());
  }

  private subscriptionOf({ subscription: name }: { subscription: string }): FakeSubscription {
    const subscription = this.subscriptions.get(name);
    if (!subscription) throw notFound(name);
    return subscription;
  }
}

function notFound(name: string): Error & { code: status; details: string } {
  const details = `Resource not found (resource=${name}).`;
  return Object.assign(new Error(details), { code: status.NOT_FOUND, details });
}
