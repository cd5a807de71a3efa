import { DataSource } from 'typeorm';
import { DeliveryCursorEntity, DeliveryEntity } from '../../src/delivery/delivery.entity';
import { EndpointEntity, EndpointSecretEntity } from '../../src/delivery/endpoint.entity';
import { EventEntity, MailboxSequenceEntity } from '../../src/event/event.entity';
import { MailboxEntity } from '../../src/mailbox/mailbox.entity';
import { dataSourceOptions } from '../../src/database/data-source-options';
import { migrate } from '../../src/database/migrate';
import { createTestDatabase, type TestDatabase } from '../support/database';

const ENTITIES = [
  MailboxEntity,
  EventEntity,
  MailboxSequenceEntity,
  EndpointEntity,
  EndpointSecretEntity,
  DeliveryCursorEntity,
  DeliveryEntity,
];

describe('migrations', () => {
  let database: TestDatabase;
  beforeAll(async () => void (database = await createTestDatabase()));
  afterAll(() => database.drop());

  it('make the tables that the entities describe', async () => {
    const dataSource = await new DataSource({
      ...dataSourceOptions(database.url),
      entities: ENTITIES,
    }).initialize();
    const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
    await dataSource.destroy();
    // Checks on values are the migrations' own; entities declare columns, keys and indexes.
    const differences = upQueries
      .map(({ query }) => query)
      .filter((query) => !/DROP CONSTRAINT "\w+_check"$/.test(query));
    expect(differences).toEqual([]);
  });

  it('can be undone and done again', async () => {
    await database.dataSource.undoLastMigration();
    const [{ count }] = await database.dataSource.query(
      `SELECT count(*)::int FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'migrations'`,
    );
    expect(count).toBe(0);
    await migrate(database.url);
  });

  it('are run once when replicas start together', async () => {
    await database.dataSource.undoLastMigration();
    await Promise.all([1, 2, 3].map(() => migrate(database.url)));
    expect(await database.dataSource.query('SELECT name FROM migrations')).toHaveLength(1);
  });
});
