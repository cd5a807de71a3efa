import type { DataSource, EntityManager } from 'typeorm';
import { GrantDeadError, GrantUnreadableError } from '../../../src/auth/auth.errors';
import { GrantEntity } from '../../../src/auth/grant.entity';
import { GrantService } from '../../../src/auth/grant.service';
import { Keyring } from '../../../src/common/keyring';
import { eventually } from '../../support/eventually';
import { HOUR_MS, issued, KEY, OLD_KEY, refused, TestGrants, tokens } from '../../support/auth/test-grants';

describe(`${GrantService.name} and the access tokens in memory`, () => {
  let grants: TestGrants;
  let dataSource: DataSource;
  beforeAll(async () => {
    grants = await TestGrants.create();
    ({ dataSource } = grants);
  });
  afterAll(() => grants?.close());
  beforeEach(() => grants.reset());

  const reconnectIn = (by: GrantService, manager: EntityManager, id: string) =>
    by.store(manager, id, tokens('r2', HOUR_MS, 'reconnected'));
  const eraseIn = (by: GrantService, manager: EntityManager, id: string) => by.erase(manager, id);
  /** What a replica does when the owner connects the mailbox again, or when it is disconnected. */
  const change = (work: typeof reconnectIn, id: string, by = grants.replica()) =>
    by.change(id, () => dataSource.transaction((manager) => work(by, manager, id)));
  /** Keeps everybody from reading grants until it is let go. */
  const holdGrants = async () => {
    const runner = dataSource.createQueryRunner();
    await runner.startTransaction();
    await runner.query('LOCK TABLE grants');
    return async () => {
      await runner.commitTransaction();
      await runner.release();
    };
  };

  it('asks the database once for the calls of a busy mailbox', async () => {
    const id = await grants.stored('r', HOUR_MS);
    const one = grants.replica();
    await one.accessToken(id);
    // Nobody could read it now.
    const release = await holdGrants();
    for (let call = 0; call < 10; call++) expect(await one.accessToken(id)).toBe('stored');
    await release();
  });

  it('gives the new token after a refresh, a reconnection and a 401, and none after a disconnect', async () => {
    const id = await grants.stored('r', HOUR_MS);
    const one = grants.replica();
    expect(await one.accessToken(id)).toBe('stored');
    expect(await one.accessToken(id, 'stored')).toBe('fresh');
    expect(await one.accessToken(id)).toBe('fresh');
    await change(reconnectIn, id, one);
    expect(await one.accessToken(id)).toBe('reconnected');
    await change(eraseIn, id, one);
    await expect(one.accessToken(id)).rejects.toBeInstanceOf(GrantDeadError);
    expect(grants.asked).toHaveLength(1);
  });

  it('takes a token that another replica has refreshed when its own is answered by 401, without asking Google', async () => {
    const id = await grants.stored('r', HOUR_MS);
    const [one, two] = [grants.replica(), grants.replica()];
    for (const each of [one, two]) expect(await each.accessToken(id)).toBe('stored');
    expect(await one.accessToken(id, 'stored')).toBe('fresh');
    expect(await two.accessToken(id)).toBe('stored');
    expect(await two.accessToken(id, 'stored')).toBe('fresh');
    expect(await two.accessToken(id)).toBe('fresh');
    expect(grants.asked).toHaveLength(1);
  });

  it.each([
    ['is erased', (id: string) => change(eraseIn, id)],
    ['has died', () => void (grants.answer = () => refused)],
  ])('ends with a 401 when the grant %s on another replica', async (_name, end) => {
    const id = await grants.stored('r', HOUR_MS);
    const one = grants.replica();
    await one.accessToken(id);
    await end(id);
    await expect(one.accessToken(id, 'stored')).rejects.toBeInstanceOf(GrantDeadError);
  });

  it('finds the grant with which another replica has replaced the one that lacks a permission', async () => {
    const id = await grants.stored('r', HOUR_MS);
    const one = grants.replica();
    await one.accessToken(id);
    expect(await one.replacementOf('stored', id)).toBeUndefined();
    await change(reconnectIn, id);
    expect(await one.accessToken(id)).toBe('stored');
    expect(await one.replacementOf('stored', id)).toBe('reconnected');
    expect(await one.accessToken(id)).toBe('reconnected');
  });

  it.each([
    ['replaced', reconnectIn, 'reconnected'],
    ['erased', eraseIn, undefined],
  ] as const)('keeps no token that was being read while the grant was %s', async (_name, work, expected) => {
    const id = await grants.stored('r', HOUR_MS);
    const [found, comesBack] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const repository = dataSource.getRepository(GrantEntity);
    const slow = Object.assign(Object.create(repository) as typeof repository, {
      findOneBy: async (where: { mailboxId: string }) => {
        const row = await repository.findOneBy(where);
        found.resolve();
        await comesBack.promise;
        return row;
      },
    });
    const one = grants.replica(undefined, slow);
    const reading = one.accessToken(id);
    await found.promise;
    await change(work, id, one);
    comesBack.resolve();
    expect(await reading).toBe('stored');
    const later = one.accessToken(id);
    if (expected === undefined) await expect(later).rejects.toBeInstanceOf(GrantDeadError);
    else expect(await later).toBe(expected);
  });

  it('keeps the token when the transaction that would replace it fails', async () => {
    const id = await grants.stored('r', HOUR_MS);
    const one = grants.replica();
    await one.accessToken(id);
    const failing = one.change(id, () =>
      dataSource.transaction(async (manager) => {
        await one.store(manager, id, tokens('r2', HOUR_MS, 'never'));
        // A call at this moment reads what is committed.
        expect(await one.accessToken(id)).toBe('stored');
        throw new Error('rolled back');
      }),
    );
    await expect(failing).rejects.toThrow('rolled back');
    expect(await one.accessToken(id)).toBe('stored');
  });

  it('reads nothing that only a key could read which is gone after a restart', async () => {
    const id = await grants.stored('r', HOUR_MS, grants.replica(new Keyring([OLD_KEY])));
    const before = grants.replica(new Keyring([OLD_KEY]));
    expect(await before.accessToken(id)).toBe('stored');
    const restarted = grants.replica(new Keyring([KEY]));
    for (let call = 0; call < 2; call++)
      await expect(restarted.accessToken(id)).rejects.toBeInstanceOf(GrantUnreadableError);
    expect(await before.accessToken(id)).toBe('stored');
    // Without a token in memory, it is the database that counts.
    await expect(restarted.replacementOf('stored', id)).rejects.toBeInstanceOf(GrantUnreadableError);
  });

  it('refreshes once when many calls at the same time are answered by 401', async () => {
    const id = await grants.stored('r', HOUR_MS);
    const one = grants.replica();
    await one.accessToken(id);
    grants.answer = () => issued('fresh');
    const given = await Promise.all(Array.from({ length: 8 }, () => one.accessToken(id, 'stored')));
    expect(new Set(given)).toEqual(new Set(['fresh']));
    expect(grants.asked).toHaveLength(1);
  });

  it('does not go on with a token that it read once more while another replica was replacing it', async () => {
    const id = await grants.stored('r', HOUR_MS);
    const [one, two] = [grants.replica(), grants.replica()];
    const answer = Promise.withResolvers<void>();
    grants.answer = () => answer.promise.then(() => issued('fresh'));
    const refreshed = one.accessToken(id, 'stored');
    await eventually(() => grants.asked.length === 1);
    const load = jest.spyOn(two as unknown as { load(id: string): Promise<GrantEntity> }, 'load');
    const waiting = two.accessToken(id, 'stored');
    await eventually(() => load.mock.results.length > 0);
    await load.mock.results[0]!.value;
    answer.resolve();
    expect(await Promise.all([refreshed, waiting])).toEqual(['fresh', 'fresh']);
    expect(await two.accessToken(id)).toBe('fresh');
  });
});
