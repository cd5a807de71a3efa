import { Column } from 'typeorm';
import { ClaimableColumns } from '../../background/claimable.columns';

/** The columns of a row whose run reads messages, any of which may make it fail. */
export abstract class ReadingColumns extends ClaimableColumns {
  @Column({ type: 'integer', default: 0 })
  failures!: number;

  /**
   * Runs that began at this place and got no further for no reason of Google's, one under way included. Committed with the
   * claim, so that a run that kills the process counts.
   */
  @Column({ type: 'integer', default: 0 })
  attempts!: number;

  /** The message that a run is at which takes them one by one; cleared by whoever lives to return the claim. */
  @Column({ name: 'suspect_message_id', type: 'text', nullable: true })
  suspectMessageId!: string | null;

  /** How many runs in a row were at that message, one under way included. */
  @Column({ type: 'integer', default: 0 })
  suspected!: number;
}
