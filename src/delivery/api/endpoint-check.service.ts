import { Injectable } from '@nestjs/common';
import { ValidationFailedError } from '../../http/http.errors';
import { MailboxReferenceService } from '../../mailbox/mailbox-reference.service';
import { filterFaults } from '../filter/filter-faults';
import { headerFaults } from './endpoint-headers';
import { EndpointUrlService } from './endpoint-url.service';
import type { EndpointChange } from '../endpoint/endpoint.types';

/** Whether an endpoint may become what is asked for, apart from its form. */
@Injectable()
export class EndpointCheckService {
  constructor(
    private readonly urls: EndpointUrlService,
    private readonly mailboxes: MailboxReferenceService,
  ) {}

  /** @throws InvalidValueError when the URL is not allowed; ValidationFailedError for headers, a filter and mailboxes that cannot be */
  async check({ url, mailboxIds, headers, filter }: EndpointChange): Promise<void> {
    const faults = [...(headers ? headerFaults(headers) : []), ...(filter ? filterFaults(filter) : [])];
    if (faults.length > 0) throw new ValidationFailedError(faults);
    if (url !== undefined) await this.urls.check(url);
    if (mailboxIds !== undefined) await this.mailboxes.requireAll('mailboxIds', mailboxIds);
  }
}
