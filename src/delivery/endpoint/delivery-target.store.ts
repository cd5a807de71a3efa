import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { sql } from '../../database/sql';
import { DeliveryTarget } from './delivery-target';
import type { EventType } from '../../event/event.types';
import type { EventFilter } from '../filter/event-filter';
import type { Ordering } from './endpoint.types';

/** The columns of a `TargetRow`, for a SELECT from `endpoints`. */
const TARGET_COLUMNS = `endpoints.id AS endpoint_id, url, event_types, ordering, revision, headers, filter, rate_limit,
  extract(epoch FROM now() - failing_since)::float8 * 1000 AS failing_for,
  ARRAY(SELECT secret FROM endpoint_secrets
        WHERE endpoint_secrets.endpoint_id = endpoints.id AND (expires_at IS NULL OR expires_at > now())
        ORDER BY endpoint_secrets.id DESC) AS secrets`;

/** In SQL: the `TargetRow` of an endpoint, for a FROM. To be joined to what is claimed, and to nothing that only may be. */
export const targetOf = (endpointId: string) =>
  `LATERAL (SELECT ${TARGET_COLUMNS} FROM endpoints WHERE endpoints.id = ${endpointId} OFFSET 0)`;

export interface TargetRow {
  endpoint_id: string;
  url: string;
  event_types: EventType[];
  ordering: Ordering;
  revision: number;
  failing_for: number | null;
  secrets: string[];
  headers: string | null;
  filter: EventFilter | null;
  rate_limit: number | null;
}

export function toTarget(row: TargetRow): DeliveryTarget {
  return {
    endpointId: row.endpoint_id,
    url: row.url,
    eventTypes: row.event_types,
    ordering: row.ordering,
    revision: row.revision,
    failingFor: row.failing_for,
    secrets: row.secrets,
    headers: row.headers,
    filter: row.filter,
    rateLimit: row.rate_limit,
    claimedAt: performance.now(),
  };
}

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
