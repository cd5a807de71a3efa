import type { Mailbox } from '../support/api-types';
import { PUSH } from '../support/program/local-setup';
import type { ChaosCluster } from './chaos-cluster';

/** What pushes name under addresses that were left: more than any history id, so that it would stay wherever it was taken. */
const NOBODYS = '9'.repeat(18);

/** Whose a push is: under the present address of a renamed account its mailbox's, under the addresses that it left nobody's. */
export class PushesOfRenamed {
  private before = new Map<string, Mailbox['sync']>();

  constructor(private readonly cluster: ChaosCluster) {}

  /** One push under the present address of every renamed account, and under each address that nobody has any more. */
  async send(): Promise<void> {
    const { google } = this.cluster;
    await google.pushesSettled();
    this.before = await this.syncs();
    const accounts = new Set(google.accounts());
    for (const { emailAddress, addresses } of this.renamed) {
      google.silentChange(emailAddress);
      for (const left of new Set(addresses))
        if (!accounts.has(left))
          google.topics.publish(PUSH.topic, JSON.stringify({ emailAddress: left, historyId: NOBODYS }));
    }
    await google.pushesSettled();
  }

  /** @returns how many mailboxes have not got their push, or got one that is nobody's */
  async misdirected(): Promise<number> {
    const now = await this.syncs();
    return this.renamed.filter(({ id }) => {
      const { lastNotificationAt, notifiedHistoryId } = now.get(id)!;
      return lastNotificationAt === this.before.get(id)!.lastNotificationAt || notifiedHistoryId === NOBODYS;
    }).length;
  }

  private get renamed() {
    return this.cluster.mailboxes.filter(({ addresses }) => addresses.length > 1);
  }

  private async syncs(): Promise<Map<string, Mailbox['sync']>> {
    const { data } = await this.cluster.api.get('/v1/mailboxes?limit=500');
    return new Map(data.map(({ id, sync }) => [id, sync]));
  }
}
