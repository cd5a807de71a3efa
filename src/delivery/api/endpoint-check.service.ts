import { Injectable } from '@nestjs/common';
import { MailboxReferenceService } from '../../mailbox/mailbox-reference.service';
import { EndpointUrlService } from './endpoint-url.service';
import type { EndpointChange } from '../endpoint/endpoint.types';

/** Whether an endpoint may become what is asked for, apart from its form. */
@Injectable()
export class EndpointCheckService {
  constructor(
    private readonly urls: EndpointUrlService,
    private readonly mailboxes: MailboxReferenceService,
  ) {}

  /** @throws InvalidValueError when the URL is not allowed; ValidationFailedError for mailboxes that do not exist */
  async check({ url, mailboxIds }: EndpointChange): Promise<void> {
    if (url !== undefined) await this.urls.check(url);
    if (mailboxIds !== undefined) await this.mailboxes.requireAll('mailboxIds', mailboxIds);
  }
}
