import type { GoogleClock } from '../clock';
import type { Topics } from '../pubsub/topics';
import type { Switches } from '../switches';
import type { HistoryRecord } from './history-record';
import type { Mailbox } from './mailbox';
import { watchMatches } from './watch';

/** What Gmail publishes of its mailboxes to one project: https://developers.google.com/workspace/gmail/api/guides/push#receiving_notifications */
export class Notifications {
  private readonly lastSent = new Map<string, number>();

  constructor(
    private readonly projectId: string,
    private readonly clock: GoogleClock,
    private readonly topics: Topics,
    private readonly switches: Switches,
  ) {}

  changed(mailbox: Mailbox, record: HistoryRecord): void {
    const watch = mailbox.watches.get(this.projectId);
    if (watch !== undefined && (this.switches.ignoreLabelFilter || watchMatches(watch, record)))
      this.send(mailbox);
  }

  /** Tells of the mailbox as it is now, while its watch lives. */
  send(mailbox: Mailbox): void {
    const watch = mailbox.watches.get(this.projectId);
    if (watch === undefined || watch.expiration <= this.clock.now() || this.isTooSoon(mailbox)) return;
    this.topics.publish(watch.topicName, this.dataOf(mailbox));
  }

  dataOf(mailbox: Mailbox): string {
    const id = String(mailbox.historyId);
    const historyId = this.switches.numericHistoryIds ? id : `"${id}"`;
    return `{"emailAddress":${JSON.stringify(mailbox.notifiedAs)},"historyId":${historyId}}`;
  }

  private isTooSoon(mailbox: Mailbox): boolean {
    const now = this.clock.now();
    const last = this.lastSent.get(mailbox.key) ?? -Infinity;
    if (this.switches.oneNotificationPerSecond && now - last < 1000) return true;
    this.lastSent.set(mailbox.key, now);
    return false;
  }
}
