import type { EntityManager } from 'typeorm';
import { NotFoundError } from '../../common/inboxwire.error';
import { EndpointEntity } from './endpoint.entity';

/** The endpoint, which nobody else changes until the transaction ends. @throws NotFoundError */
export async function lockEndpoint(manager: EntityManager, id: string): Promise<EndpointEntity> {
  const endpoint = await manager.findOne(EndpointEntity, {
    where: { id },
    lock: { mode: 'for_no_key_update' },
  });
  if (!endpoint) throw new NotFoundError('endpoint', id);
  return endpoint;
}
