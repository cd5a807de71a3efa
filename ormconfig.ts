import { DataSource } from 'typeorm';
import { readEnvironment } from './src/config/environment';
import { dataSourceOptions } from './src/database/data-source-options';

/** The data source of TypeORM's command line: `DATABASE_URL=… npm run migration -- migration:show`. */
export default new DataSource(
  dataSourceOptions(readEnvironment().DATABASE_URL ?? 'postgres://localhost/inboxwire'),
);
