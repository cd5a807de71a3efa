import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { newId } from '../../common/id';
import { InvalidValueError, NotFoundError } from '../../common/inboxwire.error';
import { EndpointEntity } from '../endpoint/endpoint.entity';
import { topicOf } from '../egress/topic-url';
import { EndpointHeadersStore } from '../endpoint/endpoint-headers.store';
import { EndpointSecretStore } from '../endpoint/endpoint-secret.store';
import type { ChangedEndpoint, Endpoint, EndpointChange, RegisterEndpoint } from '../endpoint/endpoint.types';
import { lockEndpoint } from '../endpoint/lock-endpoint';
import { EndpointTaskService } from '../task/endpoint-task.service';
import { SubscriptionStore } from '../task/subscription.store';
import { consequences, REMOVAL, stepsAfter } from './endpoint-change';
import { EndpointCheckService } from './endpoint-check.service';
import { EndpointWarningService } from './endpoint-warning.service';
import { showEndpoint } from './endpoint.service';

/** Registers endpoints and changes them. What follows for all of their mailboxes is left to be done as a task. */
@Injectable()
export class EndpointChangeService {
  /** Six: beside checks and what follows, an endpoint keeps two kinds of secrets. */
  constructor(
    private readonly checks: EndpointCheckService,
    private readonly warnings: EndpointWarningService,
    private readonly secrets: EndpointSecretStore,
    private readonly headers: EndpointHeadersStore,
    private readonly subscriptions: SubscriptionStore,
    private readonly tasks: EndpointTaskService,
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
    const { headers = null, filter = null, rateLimit = null } = request;
    requireNoHeadersOnTopic(url, headers !== null);
    return this.tasks.transaction(id, async (manager, leave) => {
      const subscribedFrom = await this.subscriptions.now(manager);
      const fields = { id, url, eventTypes, mailboxIds, ordering, description, filter, rateLimit };
      await manager.insert(EndpointEntity, { ...fields, ...this.headers.close(id, headers), subscribedFrom });
      const secret = await this.secrets.create(manager, id);
      await leave({ endpointId: id, steps: ['await-appends'], subscribedFrom });
      return { ...(await current(manager, id)), warnings, secret };
    });
  }

  /** @throws NotFoundError; InvalidValueError, ValidationFailedError as `create` */
  async change(id: string, request: EndpointChange): Promise<ChangedEndpoint> {
    await this.checks.check(request);
    const { headers, ...change } = request;
    const warnings = await this.warnings.of(id, change.url);
    return this.tasks.transaction(id, async (manager, leave) => {
      const before = await lockEndpoint(manager, id);
      const kept = headers === undefined ? {} : this.headers.close(id, headers);
      const { url, headerNames } = { ...before, ...change, ...kept };
      requireNoHeadersOnTopic(url, headerNames.length > 0);
      const follows = consequences(before, request);
      const reason = change.status === 'enabled' ? { disabledReason: null } : {};
      const chance = follows.retryNow ? { failingSince: null } : {};
      const subscription = await this.subscriptions.change(manager, before, change, follows);
      await manager.update(
        EndpointEntity,
        { id },
        { ...change, ...kept, ...reason, ...chance, ...subscription, revision: before.revision + 1 },
      );
      const { subscribedFrom } = subscription;
      const steps = stepsAfter(follows);
      if (steps.length > 0) await leave({ endpointId: id, steps, subscribedFrom });
      return { ...(await current(manager, id)), warnings };
    });
  }

  /**
   * It is gone at once. Its cursors and deliveries follow; an attempt under way ends and leaves no trace.
   *
   * @throws NotFoundError
   */
  async delete(id: string): Promise<void> {
    await this.tasks.transaction(id, async (manager, leave) => {
      const { affected } = await manager.delete(EndpointEntity, { id });
      if (!affected) throw new NotFoundError('endpoint', id);
      await this.tasks.forget(manager, id);
      await leave({ endpointId: id, steps: [...REMOVAL] });
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
    const warnings = await this.warnings.of(id);
    return this.tasks.transaction(id, async (manager) => {
      const { revision } = await lockEndpoint(manager, id);
      const secret = await this.secrets.rotate(manager, id, force);
      await manager.update(EndpointEntity, { id }, { revision: revision + 1 });
      return { ...(await current(manager, id)), warnings, secret };
    });
  }
}

/** A topic takes no headers, and as attributes everybody who reads it would see them. */
function requireNoHeadersOnTopic(url: string, hasHeaders: boolean): void {
  if (hasHeaders && topicOf(url) !== undefined)
    throw new InvalidValueError(
      'headers',
      'headers are for receivers that are posted to, and not for a topic: set them to null',
    );
}

async function current(manager: EntityManager, id: string): Promise<Endpoint> {
  return showEndpoint(await manager.findOneByOrFail(EndpointEntity, { id }));
}
