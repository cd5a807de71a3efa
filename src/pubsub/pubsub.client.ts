import { promisify } from 'node:util';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { ClientConfig, Message, PubSub, Subscription } from '@google-cloud/pubsub';
import { GoogleSettings, PubsubSettings } from '../config/settings';
import { shareWithPubsub } from '../config/environment';

type PublisherClient = InstanceType<Library['v1']['PublisherClient']>;
type Library = typeof import('@google-cloud/pubsub');

/** A message of the subscription. It is acknowledged or given back once, and comes again until it is acknowledged. */
export type PulledMessage = Pick<Message, 'id' | 'data' | 'ack' | 'nack'>;

/** What is published to a topic. */
export interface TopicMessage {
  data: string;
  attributes: Record<string, string>;
  /** Empty: in any order. */
  orderingKey: string;
}

/** What is called when something happens on an open subscription. */
export interface PullListener {
  message: (message: PulledMessage) => void;
  /** A stream has ended, and the library opens another one. */
  interrupted: () => void;
  /** No stream is opened any more. */
  ended: (error: unknown) => void;
}

/** A subscription that is being read. */
export interface OpenSubscription {
  /** Whether there is a connection at the moment. */
  isConnected(): Promise<boolean>;
  /** Takes no more, waits for what is being worked on, and gives the rest back. */
  close(): Promise<void>;
}

/** How long a message is somebody's: what a killed process held comes again after it. Extended while it is worked on. */
const LEASE_SECONDS = 10;

/** No longer than Pub/Sub would keep a message for somebody who hangs. */
const MAX_HOLD_MINUTES = 10;

/** So many are worked on at once, of some 200 bytes each. */
const MAX_MESSAGES = 1_000;
const MAX_BYTES = 10 * 1024 * 1024;

/** How long the end waits for what is being worked on. */
const CLOSE_SECONDS = 4;

/** When a first stream is not there after this, it is tried anew, and the listener is called. */
const CONNECT_TIMEOUT_MS = 15_000;
const MAX_STREAM_BACKOFF_SECONDS = 2;

/** gRPC would wait for two minutes, and every stream would fail at once meanwhile. */
const RECONNECT = { 'grpc.initial_reconnect_backoff_ms': 200, 'grpc.max_reconnect_backoff_ms': 3_000 };

/**
 * A way that lets nothing through any more, without a word, is found out by this and left: the library's own five minutes are long.
 * More often than twice a minute Google does not want to be asked.
 */
const KEEP_ALIVE = { 'grpc.keepalive_time_ms': 30_000, 'grpc.keepalive_timeout_ms': 10_000 };

/** Without codes that it repeats a call for, the library sends it once. */
const NO_RETRY = { retryCodes: [] } as never;

const MAX_GRPC_STATUS = 16;

/** `READY` of gRPC's connectivity states. */
const READY = 2;

/**
 * Speaks to Pub/Sub by Google's library, which is loaded when it is first used: an installation that is pushed to never does.
 * Nothing else imports it.
 */
@Injectable()
export class PubsubClient implements OnApplicationShutdown {
  keepAlive = KEEP_ALIVE;
  private client: Promise<PubSub> | undefined;

  constructor(
    private readonly settings: PubsubSettings,
    private readonly google: GoogleSettings,
  ) {}

  /** Begins to read a subscription. What goes wrong then is passed to the listener. @throws when there are no credentials */
  async open(name: string, listener: PullListener): Promise<OpenSubscription> {
    const { Duration } = await library();
    const pubsub = await this.ready('SubscriberClient');
    const lease = Duration.from({ seconds: LEASE_SECONDS });
    const subscription = pubsub.subscription(name, {
      minAckDeadline: lease,
      maxAckDeadline: lease,
      maxExtensionTime: Duration.from({ minutes: MAX_HOLD_MINUTES }),
      flowControl: { maxMessages: MAX_MESSAGES, maxBytes: MAX_BYTES, allowExcessMessages: false },
      streamingOptions: {
        maxStreams: 1,
        timeout: CONNECT_TIMEOUT_MS,
        retryMaxBackoff: Duration.from({ seconds: MAX_STREAM_BACKOFF_SECONDS }),
      },
      closeOptions: { behavior: 'WAIT', timeout: Duration.from({ seconds: CLOSE_SECONDS }) },
    });
    const ended = (error: unknown) => {
      this.discardAfter(error);
      listener.ended(error);
    };
    listen(subscription, { ...listener, ended });
    return { isConnected: () => isConnected(pubsub), close: () => subscription.close() };
  }

  /**
   * Publishes one message, in one call that is not repeated: whoever publishes has retries of their own. The library's
   * publisher would hold back what has the same ordering key after a failure; here one message of a key is under way at a time.
   *
   * @returns once it is acknowledged @throws what gRPC or google-auth-library throws
   */
  async publish(topic: string, message: TopicMessage, timeoutMs: number): Promise<void> {
    const pubsub = await this.ready('PublisherClient');
    try {
      await this.send(pubsub, topic, message, timeoutMs);
    } catch (error) {
      this.discardAfter(error);
      throw error;
    }
  }

  private async send(
    pubsub: PubSub,
    topic: string,
    { data, attributes, orderingKey }: TopicMessage,
    timeoutMs: number,
  ): Promise<void> {
    const client = (await pubsub.getClientAsync_({
      client: 'PublisherClient',
    })) as unknown as PublisherClient;
    const message = { data: Buffer.from(data), attributes, orderingKey };
    await client.publish({ topic, messages: [message] }, { timeout: timeoutMs, retry: NO_RETRY });
  }

  async onApplicationShutdown(): Promise<void> {
    const pubsub = await this.client?.catch(() => undefined);
    await pubsub?.close();
  }

  /**
   * What is no status of gRPC was no answer of Pub/Sub: the library found no credentials, and would remember that for good. The
   * next call begins with a client of its own.
   */
  private discardAfter(error: unknown): void {
    const code = (error as { code?: unknown } | undefined)?.code;
    const isAnswer = typeof code === 'number' && code <= MAX_GRPC_STATUS;
    // Nothing was opened that were to be closed, and closing it would reject where nobody can catch it.
    if (error !== undefined && !isAnswer) this.client = undefined;
  }

  /** Credentials are looked for here, where a failure is caught: a subscription would end the process by it. */
  private async ready(part: 'PublisherClient' | 'SubscriberClient'): Promise<PubSub> {
    try {
      const pubsub = await this.connected();
      const client = (await pubsub.getClientAsync_({ client: part })) as unknown as PublisherClient;
      await client.initialize();
      return pubsub;
    } catch (error) {
      this.discardAfter(error);
      throw error;
    }
  }

  private connected(): Promise<PubSub> {
    this.client ??= this.connect();
    return this.client;
  }

  private async connect(): Promise<PubSub> {
    const { PubSub: Client } = await library();
    const { emulatorHost, credentialsFile, projectId } = this.settings;
    if (emulatorHost === undefined) shareWithPubsub(credentialsFile, this.google.proxy);
    return new Client({
      ...RECONNECT,
      ...this.keepAlive,
      projectId,
      ...(emulatorHost !== undefined && (await emulator(emulatorHost))),
    });
  }
}

function library(): Promise<Library> {
  return import('@google-cloud/pubsub');
}

/** An emulator asks for no credentials; looking for some would take seconds where there are none. */
async function emulator(host: string): Promise<ClientConfig> {
  const { PassThroughClient } = await import('google-auth-library');
  const authClient = new PassThroughClient() as unknown as NonNullable<ClientConfig['authClient']>;
  return { apiEndpoint: host, emulatorMode: true, authClient };
}

function listen(subscription: Subscription, { message, interrupted, ended }: PullListener): void {
  let hasEnded = false;
  const end = (error?: unknown) => {
    if (!hasEnded) ended(error);
    hasEnded = true;
  };
  // The library says `debug` when a stream has ended and it opens another one, and `error` when it gives up.
  subscription.on('debug', ({ message: said }: { message: string }) => {
    if (said.includes('will be retried')) interrupted();
  });
  subscription.on('error', end);
  subscription.on('close', end);
  // The last one: it opens the subscription.
  subscription.on('message', message);
}

/** The library does not say when a stream is there again; the connection under it does. */
async function isConnected(pubsub: PubSub): Promise<boolean> {
  const getClient = promisify(pubsub.getClient_.bind(pubsub));
  const client = (await getClient({ client: 'SubscriberClient' })) as unknown as {
    subscriberStub?: Promise<{ getChannel(): { getConnectivityState(connect: boolean): number } }>;
  };
  const stub = await client.subscriberStub;
  return stub?.getChannel().getConnectivityState(false) === READY;
}
