import type { CloudProject } from './admin/cloud-project';
import type { Fault, FaultOptions } from './faults';
import { googleHandler } from './google.handler';
import { GoogleState } from './google-state';
import { HttpFront } from './http/http-front';
import { forgedPushTokens, type ForgedPushToken } from './keys/forged-push-tokens';
import { mintPushToken, type PushIdentity, type PushTokenOptions } from './keys/push-token';
import { LocalMailboxes } from './local-mailboxes';
import { Browser } from './oauth/browser';
import { walkConsent, type ConsentChoice } from './oauth/consent-walk';
import type { Grant } from './oauth/grant';
import type { ServiceAccountKeyFile } from './oauth/service-accounts';
import { PushSubscription } from './pubsub/push-subscription';
import type { PushSettings } from './pubsub/push-settings';

export interface LocalGoogleOptions {
  /** 0, the default, takes any free port. */
  port?: number;
  clientId: string;
  clientSecret: string;
  projectId: string;
  /** That of a real project has twelve digits. */
  projectNumber?: string;
  /** Any loopback address is allowed besides. */
  redirectUris?: readonly string[];
  /** Topics that exist besides those of `pushTo`. */
  topics?: readonly string[];
  /** Another project of the same Google, with the same mailboxes; client, grants, topics and quota are its own. */
  beside?: LocalGoogle;
  /** Of ids, history gaps and chaos (1). */
  seed?: number;
}

/** Google on one loopback origin: OAuth, Gmail and Pub/Sub push, with switches for what goes wrong. */
export class LocalGoogle extends LocalMailboxes {
  /** The browser of all users, unless another one is named. */
  readonly browser = new Browser();

  private constructor(
    readonly origin: string,
    state: GoogleState,
    private readonly front: HttpFront,
  ) {
    super(state);
  }

  static async start(options: LocalGoogleOptions): Promise<LocalGoogle> {
    const { clientId, clientSecret, redirectUris = [], projectId, topics = [], seed = 1 } = options;
    const client = { clientId, clientSecret, redirectUris };
    const state = new GoogleState(client, projectId, seed, options.projectNumber, options.beside?.state);
    topics.forEach((topic) => state.topics.add(topic));
    await state.keys.rotate();
    const front = new HttpFront(googleHandler(state));
    return new LocalGoogle(await front.listen(options.port ?? 0), state, front);
  }

  /** What the administration of Google Cloud knows of the project. */
  get project(): CloudProject {
    return this.state.project;
  }

  /** Calls that were hung up on before their answer had gone out. */
  get givenUp(): number {
    return this.front.givenUp;
  }

  async stop(): Promise<void> {
    this.state.faults.clear();
    this.state.topics.close();
    await this.front.close();
  }

  /** Walks the consent page as a user would, in a browser; returns where Google redirects to. */
  consent(authUrl: string, choice: ConsentChoice, browser = this.browser): Promise<string> {
    return walkConsent(authUrl, choice, browser);
  }

  grantOf(address: string): Grant | null {
    return this.state.grants.grantOf(address);
  }

  /** The user removes the app: refreshing fails with `invalid_grant`, access tokens with 401. */
  revokeByUser(address: string): void {
    this.state.grants.revoke(address);
  }

  /** Refresh tokens with Gmail scopes die; access tokens run out by themselves. */
  passwordChanged(address: string): void {
    this.state.grants.passwordChanged(address);
  }

  /** Access tokens die before their time; the grant lives on. */
  killAccessTokens(address: string): void {
    this.state.grants.killAccessTokens(address);
  }

  /** Makes a service account with domain-wide delegation for these scopes, and a key of it. */
  async serviceAccount(scopes: readonly string[], name = 'inboxwire'): Promise<ServiceAccountKeyFile> {
    const key = await this.state.serviceAccounts.add(name);
    this.state.serviceAccounts.authorize(key.client_id, scopes);
    return key;
  }

  /** An administrator authorizes a service account for these scopes, in place of those before. */
  authorizeDelegation(clientId: string, scopes: readonly string[]): void {
    this.state.serviceAccounts.authorize(clientId, scopes);
  }

  /** The keys of the service account are deleted. */
  deleteServiceAccountKeys(clientId: string): void {
    this.state.serviceAccounts.deleteKeys(clientId);
  }

  /** A push subscription, existing topic included. */
  pushTo(settings: PushSettings): PushSubscription {
    this.state.project.serviceAccounts.set(settings.serviceAccount, {});
    const subscription = new PushSubscription(settings, this.state);
    this.state.topics.subscribe(subscription);
    return subscription;
  }

  /** Resolves when every notification has been acknowledged. */
  pushesSettled(): Promise<void> {
    return this.state.topics.settled();
  }

  /** A token of the first subscription's identity, or of a given one; a genuine one unless claims are overridden. */
  mintPushToken(options: PushTokenOptions & { identity?: PushIdentity } = {}): string {
    return mintPushToken(this.state.keys.current, options.identity ?? this.pushIdentity(), options);
  }

  /** A table of tokens that a receiver must refuse. */
  forgedPushTokens(identity?: PushIdentity): Promise<ForgedPushToken[]> {
    return forgedPushTokens(this.state.keys.current, identity ?? this.pushIdentity());
  }

  async rotateKeys(options: { dropOld?: boolean } = {}): Promise<void> {
    await this.state.keys.rotate(options);
  }

  failNext(options: FaultOptions): Fault {
    return this.state.faults.failNext(options);
  }

  private pushIdentity(): PushIdentity {
    const settings = this.state.topics.subscriptions[0]?.settings;
    if (settings === undefined) throw new Error('There is no push subscription to mint tokens for');
    return settings;
  }
}
