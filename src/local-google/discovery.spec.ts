import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { corpus } from './testing/mails';
import { SHAPES } from './gmail/resource-shapes';
import type { LocalGoogle } from './local-google';
import { ANN, connect, MODIFY, startGoogle, TOPIC } from './testing/connected';

interface Schema {
  type?: string;
  format?: string;
  enum?: string[];
  $ref?: string;
  items?: Schema;
  properties?: Record<string, Schema>;
}

/** What answers look like, taken from https://gmail.googleapis.com/$discovery/rest?version=v1 without its words. */
const FILE = join(__dirname, 'testing', 'gmail-schemas.json');

/** Where a value departs from Google's own description of it. */
function faultsOf(value: unknown, schema: Schema, schemas: Record<string, Schema>, at: string): string[] {
  if (schema.$ref !== undefined)
    return faultsOf(value, schemas[schema.$ref] ?? {}, schemas, `${at}<${schema.$ref}>`);
  switch (schema.type ?? 'string') {
    case 'object':
      if (typeof value !== 'object' || value === null) return [`${at} is no object`];
      return Object.entries(value).flatMap(([name, child]) => {
        const property = schema.properties?.[name];
        return property === undefined
          ? [`${at}.${name} is unknown`]
          : faultsOf(child, property, schemas, `${at}.${name}`);
      });
    case 'array':
      if (!Array.isArray(value)) return [`${at} is no array`];
      return value.flatMap((item, i) => faultsOf(item, schema.items ?? {}, schemas, `${at}[${i}]`));
    case 'integer':
      return Number.isInteger(value) ? [] : [`${at} is no integer`];
    default:
      return stringFaults(value, schema, at);
  }
}

function stringFaults(value: unknown, { format = '', enum: allowed }: Schema, at: string): string[] {
  if (typeof value !== 'string') return [`${at} is no string`];
  if (format.includes('int64') && !/^-?\d+$/.test(value)) return [`${at} is no ${format}`];
  if (format === 'byte' && !/^[\w-]*={0,2}$/.test(value)) return [`${at} is not base64url`];
  return allowed !== undefined && !allowed.includes(value) ? [`${at} is none of ${allowed.join()}`] : [];
}

describe('answers against the API description', () => {
  const { schemas } = JSON.parse(readFileSync(FILE, 'utf8')) as {
    schemas: Record<string, Schema>;
  };
  let google: LocalGoogle;

  beforeEach(async () => {
    google = await startGoogle();
  });

  afterEach(() => google.stop());

  it('knows the fields of every shape', () => {
    for (const [name, shape] of Object.entries(SHAPES).filter(([name]) => name !== 'Empty'))
      expect([name, Object.keys(shape).sort()]).toEqual([
        name,
        Object.keys(schemas[name]?.properties ?? {}).sort(),
      ]);
  });

  it('answers every method in the described shape', async () => {
    const { gmail } = await connect(google, MODIFY);
    const me = { userId: 'me' };
    const check = (schema: string, { data }: { data: unknown }): void =>
      expect(faultsOf(data, { $ref: schema }, schemas, schema)).toEqual([]);
    const watched = await gmail.users.watch({ ...me, requestBody: { topicName: TOPIC } });
    check('WatchResponse', watched);
    const startHistoryId = watched.data.historyId ?? '';
    const ids = corpus().map(({ raw }) => google.deliver(ANN, { raw }).id);
    for (const id of ids)
      for (const format of ['minimal', 'metadata', 'full', 'raw'])
        check('Message', await gmail.users.messages.get({ ...me, id, format }));
    const [id = ''] = ids;
    check(
      'Message',
      await gmail.users.messages.modify({ ...me, id, requestBody: { addLabelIds: ['STARRED'] } }),
    );
    check('Message', await gmail.users.messages.trash({ ...me, id }));
    google.delete(ANN, id);
    check('ListHistoryResponse', await gmail.users.history.list({ ...me, startHistoryId, maxResults: 500 }));
    check('ListMessagesResponse', await gmail.users.messages.list({ ...me, maxResults: 5 }));
    check('ListLabelsResponse', await gmail.users.labels.list(me));
    check('Label', await gmail.users.labels.get({ ...me, id: 'INBOX' }));
    check('Profile', await gmail.users.getProfile(me));
  }, 30_000);
});
