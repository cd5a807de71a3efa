import { ForbiddenAddressError } from '../delivery.errors';
import { guardedLookup } from './guarded-lookup';

/** What a socket would be given for a name with these addresses. */
function lookUp(addresses: string[], all: boolean): Promise<unknown> {
  const lookup = guardedLookup(async () =>
    addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
  );
  return new Promise((resolve) => {
    lookup('receiver.example', { all }, (error, address) => resolve(error ?? address));
  });
}

describe(guardedLookup, () => {
  it('gives public addresses, one or all as asked', async () => {
    expect(await lookUp(['8.8.8.8', '2606:4700::1111'], false)).toBe('8.8.8.8');
    expect(await lookUp(['8.8.8.8', '2606:4700::1111'], true)).toEqual([
      { address: '8.8.8.8', family: 4 },
      { address: '2606:4700::1111', family: 6 },
    ]);
  });

  it('never gives an internal address among public ones', async () => {
    expect(await lookUp(['127.0.0.1', '8.8.8.8', '::1'], true)).toEqual([{ address: '8.8.8.8', family: 4 }]);
  });

  it('fails when a name has moved to internal addresses', async () => {
    expect(await lookUp(['169.254.169.254'], false)).toBeInstanceOf(ForbiddenAddressError);
    expect(await lookUp(['10.0.0.1', 'fd00::1'], true)).toBeInstanceOf(ForbiddenAddressError);
  });
});
