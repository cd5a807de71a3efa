import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type EntityManager, MoreThan, type Repository } from 'typeorm';
import { decodeCursor, type Page, type PageQuery, toPage } from '../../http/page';
import { newId } from '../../common/id';
import { NotFoundError } from '../../common/inboxwire.error';
import { CursorMaintenanceStore } from '../queue/cursor-maintenance.store';
import { consequences } from './endpoint-change';
import { EndpointEntity } from '../endpoint/endpoint.entity';
import { EndpointSecretStore } from '../endpoint/endpoint-secret.store';
import { EndpointCheckService } from './endpoint-check.service';
import { EndpointWarningService } from './endpoint-warning.service';
import type { ChangedEndpoint, Endpoint, EndpointChange, RegisterEndpoint } from '../endpoint/endpoint.types';

/** Registers endpoints, and keeps their delivery cursors in step with their subscription filters. */
@Injectable()
export class EndpointService {
  constructor(
    @InjectRepository(EndpointEntity) private readonly endpoints: Repository<EndpointEntity>,
    private readonly checks: EndpointCheckService,
    private readonly warnings: EndpointWarningService,
    private readonly secrets: EndpointSecretStore,
    private readonly cursors: CursorMaintenanceStore,
  ) {}

  /**
   * It receives the events that are appended from now on.
   *
   * @returns the endpoint, and the secret that nobody can ask for again
   * @throws InvalidValueError when the URL is not allowed; ValidationFailedError for mailboxes that do not exist
   */
  async create(request: RegisterEndpoint): Promise<ChangedEndpoint & { secret: string }> {
    await this.checks.check(request);
    const id = newId('end');
    const warnings = await this.warnings.of(id, request.url);
    const { url, eventTypes = [], mailboxIds = [], ordering = 'mailbox', description = null } = request;
    return this.endpoints.manager.transaction(async (manager) => {
      await manager.insert(EndpointEntity, { id, url, eventTypes, mailboxIds, ordering, description });
      const secret = await this.secrets.create(manager, id);
      await this.cursors.include(manager, id, undefined, mailboxIds);
      return { ...show(await manager.findOneByOrFail(EndpointEntity, { id })), warnings, secret };
    });
  }

  /** @throws NotFoundError */
  async get(id: string): Promise<Endpoint> {
    const endpoint = await this.endpoints.findOneBy({ id });
    if (!endpoint) throw new NotFoundError('endpoint', id);
    return show(endpoint);
  }

  async list({ limit, cursor }: PageQuery): Promise<Page<Endpoint>> {
    const rows = await this.endpoints.find({
      where: cursor === undefined ? {} : { id: MoreThan(decodeCursor(cursor)) },
      order: { id: 'ASC' },
      take: limit + 1,
    });
    return toPage(rows, limit, show);
  }

  /** @throws NotFoundError; InvalidValueError, ValidationFailedError as `create` */
  async change(id: string, change: EndpointChange): Promise<ChangedEndpoint> {
    await this.checks.check(change);
    const warnings = await this.warnings.of(id, change.url ?? (await this.get(id)).url);
    return this.endpoints.manager.transaction(async (manager) => {
      const before = await lock(manager, id);
      const follows = consequences(before, change);
      const reason = change.status === 'enabled' ? { disabledReason: null } : {};
      const chance = follows.retryNow ? { failingSince: null } : {};
      await manager.update(
        EndpointEntity,
        { id },
        { ...change, ...reason, ...chance, revision: before.revision + 1, changedAt: () => 'now()' },
      );
      const { mailboxIds, eventTypes } = { ...before, ...change };
      if (follows.otherMailboxes) await this.cursors.include(manager, id, before.mailboxIds, mailboxIds);
      if (follows.otherTypes) await this.cursors.filterTypes(manager, id, eventTypes);
      if (follows.retryNow) await this.cursors.retryNow(manager, id);
      return { ...show(await manager.findOneByOrFail(EndpointEntity, { id })), warnings };
    });
  }

  /** Its cursors, deliveries and secrets go with it. An attempt under way ends and leaves no trace. @throws NotFoundError */
  async delete(id: string): Promise<void> {
    await this.endpoints.manager.transaction(async (manager) => {
      await this.cursors.lockAll(manager, id);
      const { affected } = await manager.delete(EndpointEntity, { id });
      if (!affected) throw new NotFoundError('endpoint', id);
    });
  }

  /**
   * The secrets so far sign beside the new one for a day. The revision counts it as a change, so that what is under way
   * begins its next attempt with all of them.
   *
   * @param force ends the oldest when too many sign already
   * @returns the endpoint with its new secret
   * @throws NotFoundError, TooManySecretsError
   */
  async rotateSecret(id: string, force: boolean): Promise<ChangedEndpoint & { secret: string }> {
    const warnings = await this.warnings.of(id, (await this.get(id)).url);
    return this.endpoints.manager.transaction(async (manager) => {
      const { revision } = await lock(manager, id);
      const secret = await this.secrets.rotate(manager, id, force);
      await manager.update(EndpointEntity, { id }, { revision: revision + 1 });
      return { ...show(await manager.findOneByOrFail(EndpointEntity, { id })), warnings, secret };
    });
  }
}

async function lock(manager: EntityManager, id: string): Promise<EndpointEntity> {
  const endpoint = await manager.findOne(EndpointEntity, {
    where: { id },
    lock: { mode: 'for_no_key_update' },
  });
  if (!endpoint) throw new NotFoundError('endpoint', id);
  return endpoint;
}

function show(row: EndpointEntity): Endpoint {
  const { id, url, eventTypes, mailboxIds, ordering, description, status, disabledReason, createdAt } = row;
  return {
    id,
    url,
    eventTypes,
    mailboxIds,
    ordering,
    description,
    status,
    disabledReason,
    createdAt: createdAt.toISOString(),
  };
}
