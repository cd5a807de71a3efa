import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { sql } from '../../database/sql';

/** Permits for attempts of endpoints with a rate limit. Claims take them, in SQL. */
@Injectable()
export class PermitStore {
  constructor(private readonly dataSource: DataSource) {}

  /** No attempt was made with the permit of a claim. One that is not given back is lost, which only slows the endpoint down. */
  async giveBack(endpointId: string): Promise<void> {
    await sql(this.dataSource, 'SELECT return_delivery_permit($1)', [endpointId]);
  }
}
