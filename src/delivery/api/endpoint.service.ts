import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { MoreThan, type Repository } from 'typeorm';
import { decodeCursor, type Page, type PageQuery, toPage } from '../../http/page';
import { NotFoundError } from '../../common/inboxwire.error';
import { EndpointEntity } from '../endpoint/endpoint.entity';
import { HIDDEN } from './endpoint-headers';
import type { Endpoint } from '../endpoint/endpoint.types';

/** Shows endpoints. */
@Injectable()
export class EndpointService {
  constructor(@InjectRepository(EndpointEntity) private readonly endpoints: Repository<EndpointEntity>) {}

  /** @throws NotFoundError */
  async get(id: string): Promise<Endpoint> {
    const endpoint = await this.endpoints.findOneBy({ id });
    if (!endpoint) throw new NotFoundError('endpoint', id);
    return showEndpoint(endpoint);
  }

  async list({ limit, cursor }: PageQuery): Promise<Page<Endpoint>> {
    const rows = await this.endpoints.find({
      where: cursor === undefined ? {} : { id: MoreThan(decodeCursor(cursor)) },
      order: { id: 'ASC' },
      take: limit + 1,
    });
    return toPage(rows, limit, showEndpoint);
  }
}

/** As the API shows it. */
export function showEndpoint(row: EndpointEntity): Endpoint {
  const { id, url, eventTypes, mailboxIds, ordering, description, status, disabledReason, createdAt } = row;
  const { headerNames, filter, rateLimit } = row;
  return {
    id,
    url,
    eventTypes,
    mailboxIds,
    ordering,
    description,
    headers: headerNames.length > 0 ? Object.fromEntries(headerNames.map((name) => [name, HIDDEN])) : null,
    filter,
    rateLimit,
    status,
    disabledReason,
    createdAt: createdAt.toISOString(),
  };
}
