import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type EntityManager, In, type Repository } from 'typeorm';
import { CLAIM_SECONDS, REPLICA } from '../../background/replica';
import { sql } from '../../database/sql';
import type { LastError } from '../../common/last-error';
import { type ClaimedDisconnect, DisconnectEntity, type DisconnectStep } from './disconnect.entity';

const CLAIM_ENDS = `now() + interval '${CLAIM_SECONDS} seconds'`;

/** Owns the disconnects under way: where each stands, and which replica is at it. */
@Injectable()
export class DisconnectQueueStore {
  constructor(
    @InjectRepository(DisconnectEntity) private readonly disconnects: Repository<DisconnectEntity>,
  ) {}

  async add(manager: EntityManager, mailboxId: string): Promise<void> {
    await manager.delete(DisconnectEntity, { mailboxId });
    await manager.insert(DisconnectEntity, { mailboxId, step: 'stop' });
  }

  /** Connected again: whoever is at it finds its claim gone. */
  async cancel(manager: EntityManager, mailboxId: string): Promise<void> {
    await manager.delete(DisconnectEntity, { mailboxId });
  }

  /** Mailboxes whose address another account has now wait here too, until it is known what became of their account. */
  async addDisplaced(): Promise<void> {
    await sql(
      this.disconnects.manager,
      `INSERT INTO disconnects (mailbox_id, step)
       SELECT id, 'identify' FROM mailboxes
       WHERE NOT holds_address AND status <> 'disconnected' AND status <> 'disconnecting'
       ON CONFLICT DO NOTHING`,
    );
  }

  /** Takes what is due for this replica, except the mailboxes that it is still busy with. */
  claim(limit: number, busy: string[]): Promise<ClaimedDisconnect[]> {
    return sql<ClaimedDisconnect>(
      this.disconnects.manager,
      `UPDATE disconnects SET claimed_by = $1, claimed_until = ${CLAIM_ENDS}
       WHERE mailbox_id IN (
         SELECT mailbox_id FROM disconnects
         WHERE due_at <= now() AND (claimed_until IS NULL OR claimed_until < now()) AND mailbox_id <> ALL ($2)
         ORDER BY due_at LIMIT $3 FOR UPDATE SKIP LOCKED)
       RETURNING mailbox_id AS "mailboxId", step, failures`,
      [REPLICA, busy, limit],
    );
  }

  /** Renews all claims of this replica. */
  async renew(): Promise<void> {
    await this.disconnects.update({ claimedBy: REPLICA }, { claimedUntil: () => CLAIM_ENDS });
  }

  /** Gives all claims of this replica back. */
  async returnAll(): Promise<void> {
    await this.disconnects.update({ claimedBy: REPLICA }, { claimedBy: null, claimedUntil: null });
  }

  /** What went wrong last with the disconnects of these mailboxes; those without a fault are not in the map. */
  async lastErrors(mailboxIds: string[]): Promise<Map<string, LastError>> {
    const rows = await this.disconnects.findBy({ mailboxId: In(mailboxIds) });
    return new Map(rows.flatMap(({ mailboxId, lastError }) => (lastError ? [[mailboxId, lastError]] : [])));
  }

  /** Whether the disconnect still stands at this step, under this replica's claim. */
  isOurs(mailboxId: string, step: DisconnectStep): Promise<boolean> {
    return this.disconnects.existsBy({ mailboxId, step, claimedBy: REPLICA });
  }

  /** @returns whether the claim was still ours; otherwise nothing has changed */
  async advance(mailboxId: string, from: DisconnectStep, to: DisconnectStep): Promise<boolean> {
    const { affected } = await this.disconnects.update(
      { mailboxId, step: from, claimedBy: REPLICA },
      { step: to, failures: 0, lastError: null, claimedUntil: () => CLAIM_ENDS },
    );
    return affected === 1;
  }

  /** Leaves the disconnect for later. */
  async postpone(
    { mailboxId }: ClaimedDisconnect,
    milliseconds: number,
    lastError: LastError,
  ): Promise<void> {
    await this.disconnects.update(
      { mailboxId, claimedBy: REPLICA },
      {
        failures: () => 'failures + 1',
        lastError,
        dueAt: () => `now() + ${Math.round(milliseconds)} * interval '1 ms'`,
        claimedBy: null,
        claimedUntil: null,
      },
    );
  }

  /** @returns whether the claim was still ours; otherwise nothing has changed */
  async finish(manager: EntityManager, mailboxId: string, step: DisconnectStep): Promise<boolean> {
    const { affected } = await manager.delete(DisconnectEntity, {
      mailboxId,
      step,
      claimedBy: REPLICA,
    });
    return affected === 1;
  }
}
