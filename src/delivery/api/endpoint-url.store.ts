import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { sql } from '../../database/sql';

/** More endpoints than this with one URL, in whatever letter case, are not all compared. */
const MAX_COMPARED = 100;

/** Finds endpoints by their URLs, in SQL. */
@Injectable()
export class EndpointUrlStore {
  constructor(private readonly dataSource: DataSource) {}

  /** The URL of an endpoint; undefined when there is no such endpoint. */
  async urlOf(id: string): Promise<string | undefined> {
    const [row] = await sql<{ url: string }>(this.dataSource, 'SELECT url FROM endpoints WHERE id = $1', [
      id,
    ]);
    return row?.url;
  }

  /** @param spellings in lower case, without a fragment @param except an endpoint that does not count */
  spelled(spellings: readonly string[], except: string): Promise<{ id: string; url: string }[]> {
    return sql<{ id: string; url: string }>(
      this.dataSource,
      `SELECT id, url FROM endpoints WHERE split_part(lower(url), '#', 1) = ANY ($1) AND id <> $2 ORDER BY id LIMIT ${MAX_COMPARED}`,
      [spellings, except],
    );
  }
}
