import { EXAMPLE_ID } from '../../http/problem';
import { encodeCursor } from '../../http/page';
import type { ApiKeyDto, ApiKeyPageDto, CreatedApiKeyDto } from './api-key.dto';

export const API_KEY: ApiKeyDto = {
  id: EXAMPLE_ID.apiKey,
  name: 'CRM, production',
  hint: 'x7Qk',
  scopes: ['write'],
  createdAt: '2026-11-22T08:59:10.421Z',
  expiresAt: '2027-12-31T00:00:00.000Z',
  lastUsedAt: '2026-11-22T09:14:00.000Z',
  revokedAt: null,
};

export const CREATED_API_KEY: CreatedApiKeyDto = {
  ...API_KEY,
  lastUsedAt: null,
  key: 'iwk_3kTMd1V3xUT0zVnP8gQ5hQm0p0m7nJ0r7pBqDkz1x7Qk',
};

export const API_KEY_PAGE: ApiKeyPageDto = { data: [API_KEY], nextCursor: encodeCursor(API_KEY.id) };
