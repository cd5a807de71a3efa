import type { PushSubscription } from './push-subscription';

/** The topics that exist, whether Gmail may publish to them, and who is subscribed. */
export class Topics {
  subscriptions: PushSubscription[] = [];
  private readonly taps: { topic: string; listener: (data: string) => void }[] = [];
  private readonly permitted = new Map<string, boolean>();

  add(topic: string): void {
    if (!this.permitted.has(topic)) this.permitted.set(topic, true);
  }

  /** Grants or takes the publisher role of `gmail-api-push@system.gserviceaccount.com`. */
  permit(topic: string, permitted: boolean): void {
    this.permitted.set(topic, permitted);
  }

  accepts(topic: string): boolean {
    return this.permitted.get(topic) === true;
  }

  has(topic: string): boolean {
    return this.permitted.has(topic);
  }

  /** Ends the pushes of the subscription. */
  unsubscribe(name: string): void {
    for (const subscription of this.subscriptions)
      if (subscription.settings.subscription === name) subscription.close();
    this.subscriptions = this.subscriptions.filter(({ settings }) => settings.subscription !== name);
  }

  subscribe(subscription: PushSubscription): void {
    this.add(subscription.settings.topic);
    this.subscriptions.push(subscription);
  }

  /** Hands what is published to somebody besides. */
  tap(topic: string, listener: (data: string) => void): void {
    this.add(topic);
    this.taps.push({ topic, listener });
  }

  publish(topic: string, data: string): void {
    if (!this.accepts(topic)) return;
    for (const tap of this.taps) if (tap.topic === topic) tap.listener(data);
    for (const subscription of this.subscriptions)
      if (subscription.settings.topic === topic) subscription.publish(data);
  }

  async settled(): Promise<void> {
    await Promise.all(this.subscriptions.map((subscription) => subscription.settled()));
  }

  close(): void {
    this.subscriptions.forEach((subscription) => subscription.close());
  }
}
