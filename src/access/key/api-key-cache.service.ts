import { Injectable } from '@nestjs/common';
import { isConnectionError } from '../../common/connection-error';
import { withTimeout } from '../../common/with-timeout';
import { ChannelListener } from '../../database/channel-listener.service';
import { ApiKeyStore, type LiveKey } from './api-key.store';
import type { Caller } from './caller';

/** A map that forgets what was set first when it is full. */
export class BoundedMap<Value> {
  private readonly entries = new Map<string, Value>();

  constructor(private readonly most: number) {}

  get(name: string): Value | undefined {
    return this.entries.get(name);
  }

  set(name: string, value: Value): void {
    this.entries.delete(name);
    this.entries.set(name, value);
    if (this.entries.size > this.most) this.entries.delete(this.entries.keys().next().value!);
  }

  delete(name: string): void {
    this.entries.delete(name);
  }

  clear(): void {
    this.entries.clear();
  }
}

/** How long, in milliseconds, the database is not asked again about the same key. */
const FRESH = 10_000;

/** How long, in milliseconds, a key that was good is held up by a database that does not answer. */
const PATIENCE = 1_000;

/** How many keys are remembered: good ones, and others, which strangers can make up at will. */
const MOST = 10_000;
const MOST_UNKNOWN = 1_000;

interface Memory {
  key: LiveKey | undefined;
  readAt: number;
}

/**
 * Who comes in with which key, so that the database is asked about each only now and then. A revocation on any replica
 * makes all of them forget at once. While the database is away, keys that were good shortly before go on.
 */
@Injectable()
export class ApiKeyCache {
  private readonly good = new BoundedMap<Memory>(MOST);
  private readonly unknown = new BoundedMap<Memory>(MOST_UNKNOWN);
  private asked = new Map<string, Promise<LiveKey | undefined>>();

  constructor(
    private readonly store: ApiKeyStore,
    listener: ChannelListener,
  ) {
    listener.on('inboxwire_api_keys', () => this.forget());
  }

  /** Whether the key is remembered to be good. */
  remembers(digest: Buffer): boolean {
    return this.good.get(digest.toString('base64')) !== undefined;
  }

  /**
   * @returns undefined when there is no such key, or it was revoked or has expired
   * @throws what the database throws when it is away and the key is not remembered
   */
  async find(digest: Buffer): Promise<Caller | undefined> {
    const name = digest.toString('base64');
    const good = this.good.get(name);
    const memory = good ?? this.unknown.get(name);
    if (memory && performance.now() - memory.readAt < FRESH) return toCaller(memory.key, digest);
    try {
      const answer = this.ask(name, digest);
      return toCaller(await (good ? withTimeout(answer, PATIENCE, tooSlow) : answer), digest);
    } catch (error) {
      // Not if it was forgotten meanwhile: it may have been revoked.
      if (!good || this.good.get(name) !== good || !isConnectionError(error)) throw error;
      good.readAt = performance.now();
      return toCaller(good.key, digest);
    }
  }

  /** What is being asked now is not remembered either: the answer may be from before. */
  forget(): void {
    this.good.clear();
    this.unknown.clear();
    this.asked = new Map();
  }

  /** Those who ask about the same key at the same time share the answer. */
  private ask(name: string, digest: Buffer): Promise<LiveKey | undefined> {
    const { asked } = this;
    const same = asked.get(name);
    if (same) return same;
    const answer = this.store
      .findLive(digest)
      .then((key) => {
        if (this.asked === asked) this.remember(name, key);
        return key;
      })
      .finally(() => asked.delete(name));
    asked.set(name, answer);
    return answer;
  }

  private remember(name: string, key: LiveKey | undefined): void {
    if (!key) this.good.delete(name);
    (key ? this.good : this.unknown).set(name, { key, readAt: performance.now() });
  }
}

function toCaller(key: LiveKey | undefined, digest: Buffer): Caller | undefined {
  if (!key || (key.expiresAt !== null && key.expiresAt.getTime() <= Date.now())) return undefined;
  return { id: key.id, scopes: key.scopes, digest };
}

function tooSlow(): Error {
  return new Error('timeout expired');
}
