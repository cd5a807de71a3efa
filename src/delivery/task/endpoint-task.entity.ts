import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';

/** A task of an endpoint. Read and written in SQL by `endpoint-task.store.ts`, which says what the columns mean. */
@Entity('endpoint_tasks')
export class EndpointTaskEntity {
  @PrimaryGeneratedColumn('identity', {
    type: 'bigint',
    primaryKeyConstraintName: 'endpoint_tasks_pkey',
    generatedIdentity: 'ALWAYS',
  })
  id!: string;

  @Index('endpoint_tasks_endpoint_id_idx')
  @Column({ name: 'endpoint_id', type: 'text' })
  endpointId!: string;

  @Column({ type: 'text', array: true })
  steps!: string[];

  @Column({ type: 'text', nullable: true })
  position!: string | null;

  @Column({ name: 'mailbox_ids', type: 'text', array: true, default: () => `'{}'` })
  mailboxIds!: string[];

  @Column({ type: 'jsonb', nullable: true })
  replay!: object | null;

  @Column({ type: 'double precision', nullable: true })
  since!: number | null;

  @Column({ name: 'subscribed_from', type: 'text', nullable: true })
  subscribedFrom!: string | null;

  @Column({ name: 'unseen_before', type: 'bigint', nullable: true })
  unseenBefore!: string | null;

  @Index('endpoint_tasks_due_at_idx')
  @Column({ name: 'due_at', type: 'timestamptz', default: () => 'now()' })
  dueAt!: Date;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt!: Date;
}
