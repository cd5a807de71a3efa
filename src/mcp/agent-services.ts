import { Injectable } from '@nestjs/common';
import { ConnectionService } from '../connection/mailboxes/connection.service';
import { EventReaderService } from '../event/log/event-reader.service';
import { NextEventService } from '../event/stream/next-event.service';
import { MailReaderService } from '../mail/mail-reader.service';
import { MessageLabelsService } from '../mail/message-labels.service';

/** What the tools are made of: what the API is made of too. */
@Injectable()
export class AgentServices {
  constructor(
    readonly mailboxes: ConnectionService,
    readonly events: EventReaderService,
    readonly nextEvents: NextEventService,
    readonly mail: MailReaderService,
    readonly labels: MessageLabelsService,
  ) {}
}
