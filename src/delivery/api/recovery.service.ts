import { Injectable } from '@nestjs/common';
import { EndpointTaskService } from '../task/endpoint-task.service';
import { RecoveryStore } from '../task/recovery.store';
import { EndpointService } from './endpoint.service';
import { SinceService } from './since.service';

/** Another chance for all that an endpoint has not got. */
@Injectable()
export class RecoveryService {
  constructor(
    private readonly endpoints: EndpointService,
    private readonly store: RecoveryStore,
    private readonly tasks: EndpointTaskService,
    private readonly since: SinceService,
  ) {}

  /**
   * Every dead delivery of an endpoint is tried again, and every one that waits for its next attempt, now. If an
   * attempt is under way and fails, the next one follows at once.
   *
   * @param since RFC 3339: only of events that were appended then or later
   * @returns how many, counted among the newest 10,000 pending and the newest 10,000 dead ones
   * @throws NotFoundError; InvalidValueError for a time in the future
   */
  async recover(endpointId: string, since: string | undefined): Promise<{ count: number }> {
    await this.endpoints.get(endpointId);
    const time = since === undefined ? null : await this.since.read(since);
    const count = await this.store.count(endpointId, time);
    await this.tasks.transaction(endpointId, (_, leave) =>
      leave({ endpointId, steps: ['retry-under-way', 'retry-pending', 'retry-dead'], since: time }),
    );
    return { count };
  }
}
