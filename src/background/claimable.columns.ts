import { Column } from 'typeorm';

/** The columns of a row that one process at a time holds. A process that is killed keeps it until then. */
export abstract class ClaimableColumns {
  @Column({ name: 'claimed_by', type: 'text', nullable: true })
  claimedBy!: string | null;

  @Column({ name: 'claimed_until', type: 'timestamptz', nullable: true })
  claimedUntil!: Date | null;
}
