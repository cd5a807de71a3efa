import { Injectable, Logger } from '@nestjs/common';
import { BackgroundJobs } from '../../background/background-jobs';
import { describeError } from '../../common/describe-error';
import { ConnectError, toConnectError } from '../connection.errors';
import { FirstWatchService, wantedFilter } from '../lifecycle/first-watch.service';
import { ConnectService } from './connect.service';
import type { CallbackOutcome, ConnectSession } from './connect-session.types';
import { ConsentService, type RedeemedConsent } from './consent.service';
import { type Complete, OneExchangeService } from './one-exchange.service';

/** Makes a connected mailbox of an authorization code: once for each code, however often the callback is requested. */
@Injectable()
export class CodeRedemptionService {
  private readonly logger = new Logger(CodeRedemptionService.name);

  constructor(
    private readonly exchanges: OneExchangeService,
    private readonly consents: ConsentService,
    private readonly mailboxes: ConnectService,
    private readonly firstWatches: FirstWatchService,
    private readonly jobs: BackgroundJobs,
  ) {}

  async redeem(session: ConnectSession, code: string): Promise<CallbackOutcome> {
    return this.exchanges.run(
      session,
      code,
      (complete) => this.connect(session, code, complete),
      (error) => this.report(session, toConnectError(error)),
    );
  }

  /** @returns the id of the mailbox */
  private async connect(session: ConnectSession, code: string, complete: Complete): Promise<string> {
    const consent = await this.consents.redeem(code, session.codeVerifier);
    const { id } = await this.keep(consent, session, complete);
    // Whoever held the address before has lost it, and what became of them is found out at once.
    this.jobs.wake('disconnect');
    await this.firstWatches.start(id, wantedFilter(session));
    return id;
  }

  private async keep(consent: RedeemedConsent, session: ConnectSession, complete: Complete) {
    try {
      return await this.mailboxes.connect(consent, session, async (manager, mailboxId) => {
        await complete(manager, mailboxId);
        await this.firstWatches.request(manager, mailboxId, wantedFilter(session));
      });
    } catch (error) {
      if (error instanceof ConnectError && error.code === 'account_mismatch')
        await this.consents.discard(consent.tokens, consent.account.emailAddress);
      throw error;
    }
  }

  private report({ id: sessionId }: ConnectSession, refused: ConnectError): ConnectError {
    const { code, remedy, cause } = refused;
    const facts = { sessionId, outcome: code, error: cause && describeError(cause) };
    if (remedy === undefined) this.logger.warn(facts, 'a mailbox was not connected');
    else this.logger.error({ ...facts, remedy }, `no mailbox can be connected: ${remedy}`);
    return refused;
  }
}
