import { restAfterFault } from './rest-after-fault';

describe(restAfterFault, () => {
  it('is short while the database is away, and long for what a person has to mend', () => {
    expect(restAfterFault(Object.assign(new Error('terminating connection'), { code: '57P01' }))).toBe(1_000);
    expect(restAfterFault(new Error('A stored secret cannot be read'))).toBe(30_000);
  });
});
