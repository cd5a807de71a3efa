import { Injectable } from '@nestjs/common';
import { InvalidValueError } from '../../common/inboxwire.error';
import { EventReaderService } from '../../event/log/event-reader.service';
import { EndpointService } from './endpoint.service';
import type { Endpoint } from '../endpoint/endpoint.types';
import { lockEndpoint } from '../endpoint/lock-endpoint';
import type { ReplayPoint } from '../queue/replay-point';
import { EndpointTaskService } from '../task/endpoint-task.service';
import { SinceService } from './since.service';

/** Where a replay begins: after an event, or at a time (RFC 3339). Exactly one of them is given. */
export interface ReplayRequest {
  after?: string;
  since?: string;
}

/** Delivers again what an endpoint has had, or has missed, from a point of the log on. */
@Injectable()
export class ReplayService {
  constructor(
    private readonly events: EventReaderService,
    private readonly endpoints: EndpointService,
    private readonly tasks: EndpointTaskService,
    private readonly since: SinceService,
  ) {}

  /**
   * @throws NotFoundError; InvalidValueError unless exactly one of the two is given and is not in the future; CursorExpiredError when the log does
   * not hold `after`
   */
  async replay(endpointId: string, request: ReplayRequest): Promise<Endpoint> {
    const endpoint = await this.endpoints.get(endpointId);
    const replay = await this.pointOf(request);
    await this.tasks.transaction(endpointId, async (manager, leave) => {
      // Of the mailboxes that it includes now: a change of them at the same time comes before or after.
      const { mailboxIds } = await lockEndpoint(manager, endpointId);
      await leave({ endpointId, steps: ['replay-operational', 'rewind'], mailboxIds, replay });
    });
    return endpoint;
  }

  private async pointOf({ after, since }: ReplayRequest): Promise<ReplayPoint> {
    if (after !== undefined && since === undefined) {
      const { commitOrder, position } = await this.events.position(after);
      return { commitOrder: String(commitOrder), position: String(position) };
    }
    if (since !== undefined && after === undefined) {
      return { since: await this.since.read(since) };
    }
    throw new InvalidValueError('after', 'give either `after` or `since`');
  }
}
