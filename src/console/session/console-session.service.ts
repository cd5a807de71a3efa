import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { BOOTSTRAP, type Caller } from '../../access/key/caller';
import { digestOf } from '../../access/key/key-text';
import { SecretSettings } from '../../config/settings';
import { ConsoleSessionStore } from './console-session.store';

/** Somebody who is signed in. */
export interface ConsoleSession {
  tokenDigest: Buffer;
  caller: Caller;
  /** What the key is called. */
  keyName: string;
}

const TOKEN = /^[\w-]{43}$/;

/**
 * Who is signed in to the console. The database is asked at each request: a session that was ended, or whose key was revoked, is
 * over on every replica at once.
 */
@Injectable()
export class ConsoleSessionService {
  private readonly bootstrap: Buffer;

  constructor(
    private readonly store: ConsoleSessionStore,
    secrets: SecretSettings,
  ) {
    this.bootstrap = digestOf(secrets.apiKey);
  }

  /** @returns the token of a new session, which nobody can ask for again */
  async begin({ id, digest }: Caller): Promise<string> {
    const token = randomBytes(32).toString('base64url');
    await this.store.insert({
      tokenDigest: digestOfToken(token),
      keyId: id,
      keyDigest: digest ?? this.bootstrap,
    });
    return token;
  }

  /** Undefined when the session has ended, or there never was one. */
  async find(token: string | undefined): Promise<ConsoleSession | undefined> {
    if (token === undefined || !TOKEN.test(token)) return undefined;
    const tokenDigest = digestOfToken(token);
    const row = await this.store.find(tokenDigest);
    if (!row) return undefined;
    const { keyId, keyDigest, name, scopes } = row;
    if (scopes) return { tokenDigest, keyName: name!, caller: { id: keyId, scopes, digest: keyDigest } };
    // Another API_KEY ends the sessions of the one before.
    if (!keyDigest.equals(this.bootstrap)) return undefined;
    return { tokenDigest, keyName: 'API_KEY of the settings', caller: BOOTSTRAP };
  }

  end({ tokenDigest }: ConsoleSession): Promise<void> {
    return this.store.delete(tokenDigest);
  }
}

function digestOfToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
