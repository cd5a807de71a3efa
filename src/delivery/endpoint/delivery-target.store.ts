import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { sql } from '../../database/sql';
import { type DeliveryTarget, TARGET_COLUMNS, type TargetRow, toTarget } from './delivery-target';

/** Reads endpoints as deliveries need them. */
@Injectable()
export class DeliveryTargetStore {
  constructor(private readonly dataSource: DataSource) {}

  async get(endpointId: string): Promise<DeliveryTarget | undefined> {
    const [row] = await sql<TargetRow>(
      this.dataSource,
      `SELECT ${TARGET_COLUMNS} FROM endpoints WHERE id = $1`,
      [endpointId],
    );
    return row && toTarget(row);
  }
}
