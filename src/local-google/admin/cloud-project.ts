import type { Topics } from '../pubsub/topics';
import type { PushSettings } from '../pubsub/push-settings';

export interface Policy {
  version: number;
  etag: string;
  bindings: { role: string; members: string[]; condition?: unknown }[];
}

/** A topic or a subscription, as its API shows it, and who may do what on it. */
export interface AdminResource {
  body: Record<string, unknown>;
  policy: Policy;
}

const GMAIL = 'serviceAccount:gmail-api-push@system.gserviceaccount.com';
const PUBLISHER = 'roles/pubsub.publisher';

/** What the administration of Google Cloud knows of one project: APIs, service accounts, topics, subscriptions, policies. */
export class CloudProject {
  /** Services that are enabled, by the time from which on. All others are not. */
  readonly enabledAt = new Map<string, number>();
  /** How long a service takes to be enabled. */
  enablingMs = 0;
  /** What the caller may not do, and whether Google names the permission. */
  readonly denied = new Map<string, { named: boolean }>();
  /** The organisation lets nobody from outside in. */
  domainRestricted = false;
  /** A policy changes by another's hand before so many of the next writes. */
  policyCollisions = 0;
  /** Whether Pub/Sub's own agent is there; a new project has none for a while. */
  agentExists = true;
  /** The keys of the caller were deleted: it gets no token. */
  deletedKeys = false;
  readonly serviceAccounts = new Map<string, { disabled?: boolean }>();
  /** Calls that change something. */
  writes = 0;
  private readonly resources = new Map<string, AdminResource>();
  private etag = 1;

  constructor(
    readonly id: string,
    readonly number: string,
    private readonly topics: Topics,
    private readonly subscribe: (settings: PushSettings) => void,
  ) {}

  /** Everything that a set-up project has enabled. */
  enableAll(): void {
    for (const service of ['cloudresourcemanager', 'iam', 'pubsub', 'gmail', 'serviceusage'])
      this.enabledAt.set(`${service}.googleapis.com`, 0);
  }

  isEnabled(service: string, now: number): boolean {
    const at = this.enabledAt.get(service);
    return at !== undefined && at <= now;
  }

  /** The topic or subscription of that name. What tests made by hand shows up as if it had been made here. */
  find(name: string): AdminResource | undefined {
    const known = this.resources.get(name);
    if (known !== undefined) return known;
    const body = name.includes('/topics/') ? this.topicByHand(name) : this.subscriptionByHand(name);
    if (body === undefined) return undefined;
    const resource = this.add(name, body);
    if (this.topics.accepts(name)) resource.policy.bindings.push({ role: PUBLISHER, members: [GMAIL] });
    return resource;
  }

  add(name: string, body: Record<string, unknown>): AdminResource {
    const resource = { body: { ...body, name }, policy: { version: 1, etag: this.nextEtag(), bindings: [] } };
    this.resources.set(name, resource);
    return resource;
  }

  /** A deleted topic leaves its subscriptions behind. */
  remove(name: string): void {
    this.resources.delete(name);
    for (const { body } of this.resources.values()) if (body.topic === name) body.topic = '_deleted-topic_';
  }

  /** Gmail publishes to a topic whose policy lets it, and to no other. */
  setPolicy(name: string, policy: Policy): Policy {
    const resource = this.find(name)!;
    resource.policy = { ...policy, etag: this.nextEtag() };
    if (name.includes('/topics/')) this.topics.permit(name, letsGmailPublish(policy));
    return resource.policy;
  }

  /** Pushes of a subscription go where it says from now on; without an endpoint nowhere. */
  route(name: string): void {
    const { body } = this.find(name)!;
    this.topics.unsubscribe(name);
    const push = body.pushConfig as { pushEndpoint?: string; oidcToken?: Record<string, string> } | undefined;
    if (!push?.pushEndpoint) return;
    const { serviceAccountEmail = '', audience } = push.oidcToken ?? {};
    this.subscribe({
      url: push.pushEndpoint,
      topic: String(body.topic),
      subscription: name,
      serviceAccount: serviceAccountEmail,
      audience: audience || push.pushEndpoint,
    });
  }

  touchPolicy(name: string): void {
    this.find(name)!.policy.etag = this.nextEtag();
  }

  private nextEtag(): string {
    return Buffer.from(`etag-${this.etag++}`).toString('base64');
  }

  private topicByHand(name: string): Record<string, unknown> | undefined {
    return this.topics.has(name) ? { name } : undefined;
  }

  private subscriptionByHand(name: string): Record<string, unknown> | undefined {
    const settings = this.topics.subscriptions.find(
      (other) => other.settings.subscription === name,
    )?.settings;
    if (settings === undefined) return undefined;
    const oidcToken = { serviceAccountEmail: settings.serviceAccount, audience: settings.audience };
    return {
      topic: settings.topic,
      pushConfig: { pushEndpoint: settings.url, oidcToken },
      ackDeadlineSeconds: 10,
      messageRetentionDuration: '604800s',
      expirationPolicy: { ttl: '2678400s' },
      state: 'ACTIVE',
    };
  }
}

function letsGmailPublish({ bindings }: Policy): boolean {
  return bindings.some(
    ({ role, members, condition }) => role === PUBLISHER && !condition && members.includes(GMAIL),
  );
}
