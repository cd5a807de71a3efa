import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

/** The tokens that an authorization code was exchanged for. */
export interface IssuedTokens {
  accessToken: string;
  accessTokenExpiresAt: Date;
  refreshToken: string | undefined;
  scopes: string[];
}

/** Owns the grants: encrypted at rest, refreshed before they expire, one refresh at a time across replicas. */
@Injectable()
export class GrantService {
  /**
   * A live access token of the mailbox.
   *
   * @param rejected an access token that Gmail has answered with 401: it is replaced, unless another worker did that already
   * @throws GrantDeadError when Google answers `invalid_grant` or there is no grant
   * @throws TokenEndpointUnavailableError for every other failure; worth a retry
   */
  accessToken(_mailboxId: string, _rejected?: string): Promise<string> {
    throw new Error('not written yet');
  }

  /** Stores the tokens of a mailbox, replacing what was there. */
  store(_manager: EntityManager, _mailboxId: string, _tokens: IssuedTokens): Promise<void> {
    throw new Error('not written yet');
  }

  /** The scopes that each mailbox granted; a mailbox without a grant is not in the map. */
  scopes(_mailboxIds: string[]): Promise<Map<string, string[]>> {
    throw new Error('not written yet');
  }
}
