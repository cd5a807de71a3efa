import { randomUUID } from 'node:crypto';
import { Receiver } from '../../fakes/receiver/receiver';
import { call } from '../../support/call';
import { eventually } from '../../support/eventually';
import type { InProcessReplica } from '../../support/program/in-process-replica';
import { type ClusterReplica, TestCluster } from '../../support/program/test-cluster';

/** What a killed replica was doing is taken over within this (contract, section 9). */
const TAKEOVER_MS = 20_000;
/** How long a claim lasts that nobody renews. */
const CLAIM_MS = 12_000;

describe('a request with an Idempotency-Key that takes long', () => {
  let cluster: TestCluster;
  let receiver: Receiver;
  let path: `/v1/endpoints/${string}/test`;
  let victim: ClusterReplica;
  let survivor: InProcessReplica;
  let key: string;
  let answer = Promise.withResolvers<number>();
  beforeAll(async () => {
    cluster = await TestCluster.create();
    [victim, survivor] = [await cluster.start(), await cluster.startInProcess()];
  }, 60_000);
  afterAll(() => cluster?.close());
  beforeEach(async () => {
    receiver = await Receiver.start();
    key = randomUUID();
    answer = Promise.withResolvers();
    receiver.answer = () => answer.promise;
    const { id } = await victim.api.post('/v1/endpoints', { url: receiver.origin }, 201);
    path = `/v1/endpoints/${id}/test`;
  });
  afterEach(async () => {
    answer.resolve(204);
    await receiver.stop();
  });

  const ask = ({ origin }: Pick<ClusterReplica, 'origin'>) =>
    call(origin, 'POST', path, { headers: { 'idempotency-key': key } });
  const received = (count: number) => eventually(() => receiver.received.length === count);

  it('is done once, however long it takes', async () => {
    const first = ask(victim);
    const begun = performance.now();
    await received(1);
    // As long as a claim lasts and a little more, and less than an attempt may take.
    await eventually(
      async () => {
        expect((await ask(survivor)).body.code).toBe('idempotency_key_in_use');
        return performance.now() - begun > CLAIM_MS + 1_000;
      },
      { timeout: CLAIM_MS + 5_000 },
    );
    answer.resolve(204);
    const { status, body, text } = await first;
    expect([status, body.status]).toEqual([200, 204]);
    expect((await ask(survivor)).text).toBe(text);
    expect(receiver.received).toHaveLength(1);
  }, 90_000);

  it('is done by another replica within 20 s after a SIGKILL in the middle of it', async () => {
    ask(victim).catch(() => undefined);
    await received(1);
    await victim.program.signal('SIGKILL');
    const killed = performance.now();
    answer.resolve(204);
    expect((await ask(survivor)).body.code).toBe('idempotency_key_in_use');
    const done = await eventually(() => ask(survivor), {
      until: ({ status }) => status === 200,
      timeout: TAKEOVER_MS + 5_000,
    });
    expect(performance.now() - killed).toBeLessThan(TAKEOVER_MS);
    expect(done.body.status).toBe(204);
    expect(receiver.received).toHaveLength(2);
  }, 90_000);
});
