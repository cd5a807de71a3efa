import { Injectable } from '@nestjs/common';
import { decodeCursor, type Page, type PageQuery, toPage } from '../../http/page';
import { isId, newId } from '../../common/id';
import { InvalidValueError, NotFoundError } from '../../common/inboxwire.error';
import type { ApiKeyDto, CreateApiKeyDto, CreatedApiKeyDto } from './api-key.dto';
import type { ApiKeyEntity } from './api-key.entity';
import { readTime } from '../../http/validation';
import { ApiKeyStore } from './api-key.store';
import { digestOf, newKey } from './key-text';
import { ApiKeyCache } from './api-key-cache.service';
import { SCOPES } from './scope';

const LAST_TIME = Date.parse('9999-12-31T23:59:59.999Z');

/** Makes, shows and revokes API keys. */
@Injectable()
export class ApiKeyService {
  constructor(
    private readonly store: ApiKeyStore,
    private readonly known: ApiKeyCache,
  ) {}

  /**
   * @returns the key, which nobody can ask for again
   * @throws InvalidValueError for an end that has passed, or is none
   */
  async create({ name, scopes, expiresAt }: CreateApiKeyDto): Promise<CreatedApiKeyDto> {
    const key = newKey();
    const row = await this.store.insert({
      id: newId('key'),
      name,
      digest: digestOf(key),
      hint: key.slice(-4),
      scopes: SCOPES.filter((scope) => scopes.includes(scope)),
      expiresAt: expiresAt ? readFuture(expiresAt) : null,
    });
    return { ...show(row), key };
  }

  async list({ limit, cursor }: PageQuery): Promise<Page<ApiKeyDto>> {
    const rows = await this.store.list(cursor === undefined ? '' : decodeCursor(cursor), limit + 1);
    return toPage(rows, limit, show);
  }

  /** @throws NotFoundError */
  async get(id: string): Promise<ApiKeyDto> {
    const row = isId('key', id) ? await this.store.get(id) : null;
    if (!row) throw new NotFoundError('API key', id);
    return show(row);
  }

  /** From the answer on nobody gets in here with the key, and milliseconds later on no replica. @throws NotFoundError */
  async revoke(id: string): Promise<void> {
    if (!isId('key', id) || !(await this.store.revoke(id))) throw new NotFoundError('API key', id);
    this.known.forget();
  }
}

function readFuture(text: string): Date {
  const time = readTime('expiresAt', text);
  if (time <= Date.now()) throw new InvalidValueError('expiresAt', 'expiresAt must be a time to come');
  // By its offset the year can be 10000 in UTC, which RFC 3339 cannot write.
  if (time > LAST_TIME)
    throw new InvalidValueError('expiresAt', 'expiresAt must be before the year 10000 in UTC');
  return new Date(time);
}

function show(row: ApiKeyEntity): ApiKeyDto {
  const { id, name, hint, scopes, createdAt, expiresAt, lastUsedAt, revokedAt } = row;
  return {
    id,
    name,
    hint,
    scopes,
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt?.toISOString() ?? null,
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
    revokedAt: revokedAt?.toISOString() ?? null,
  };
}
