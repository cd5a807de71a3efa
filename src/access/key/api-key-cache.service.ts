import { Injectable } from '@nestjs/common';
import { Batcher } from '../../background/batcher';
import { isConnectionError } from '../../common/connection-error';
import { withTimeout } from '../../common/with-timeout';
import { ChannelListener } from '../../database/channel-listener.service';
import { ApiKeyStore, type LiveKey } from './api-key.store';
import type { Caller } from './caller';

/** A map that forgets what was set first when it is full. */
export class BoundedMap<Value> {
  private readonly entries = new Map<string, Value>();

  constructor(private readonly maxSize: number) {}

  get(name: string): Value | undefined {
    return this.entries.get(name);
  }

  set(name: string, value: Value): void {
    this.entries.delete(name);
    this.entries.set(name, value);
    if (this.entries.size > this.maxSize) this.entries.delete(this.entries.keys().next().value!);
  }

  delete(name: string): void {
    this.entries.delete(name);
  }

  clear(): void {
    this.entries.clear();
  }
}

/** For how long the database is not asked again about the same key. */
const FRESH_MS = 10_000;

/** How long a key that was good is held up by a database that does not answer. */
const ANSWER_TIMEOUT_MS = 1_000;

/** How many keys are remembered: good ones, and others, which unauthenticated clients can make up at will. */
const MAX_GOOD = 10_000;
const MAX_UNKNOWN = 1_000;

/** How many keys one statement looks up. */
const MAX_LOOKED_UP_TOGETHER = 500;

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
  private readonly good = new BoundedMap<Memory>(MAX_GOOD);
  private readonly unknown = new BoundedMap<Memory>(MAX_UNKNOWN);
  /**
   * One statement at a time, for all keys that wait: whoever makes up keys holds one connection at the most, and a good key waits
   * for two statements.
   */
  private readonly lookups = new Batcher<Buffer, LiveKey | undefined>(
    (digests) => this.store.findLive(digests),
    {
      lanes: 1,
      maxItems: MAX_LOOKED_UP_TOGETHER,
    },
  );
  private asked = new Map<string, Promise<LiveKey | undefined>>();

  constructor(
    private readonly store: ApiKeyStore,
    listener: ChannelListener,
  ) {
    listener.on('inboxwire_api_keys', () => this.forget());
  }

  /**
   * @returns undefined when there is no such key, or it was revoked or has expired
   * @throws what the database throws when it is away and the key is not remembered
   */
  async find(digest: Buffer): Promise<Caller | undefined> {
    const name = digest.toString('base64');
    const good = this.good.get(name);
    const memory = good ?? this.unknown.get(name);
    if (memory && performance.now() - memory.readAt < FRESH_MS) return toCaller(memory.key, digest);
    try {
      const answer = this.ask(name, digest);
      return toCaller(await (good ? withTimeout(answer, ANSWER_TIMEOUT_MS, tooSlow) : answer), digest);
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
    const answer = this.lookups
      .add(digest)
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
