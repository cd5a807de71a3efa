import { appendFile } from 'node:fs/promises';
import { NameResolver } from '../../../src/delivery/egress/name-resolver';
import { SYSTEM_FILES } from '../../../src/delivery/egress/system-names';
import { NameServer } from '../../support/delivery/name-server';

const SERVFAIL = 2;
const AAAA = 28;

describe(NameResolver, () => {
  let server: NameServer;
  beforeEach(async () => {
    server = await NameServer.start('search a.example b.example', '10.0.0.7 crm.internal.example # ours');
  });
  afterEach(() => server.stop());
  const resolve = (host: string) => new NameResolver().resolve(host);
  const addresses = async (host: string) => (await resolve(host)).map(({ address }) => address);

  it('gives the addresses of both families, IPv4 first', async () => {
    server.records['app.example.com'] = ['2606:4700::1111', '93.184.215.14', '93.184.215.15'];
    expect(await resolve('APP.example.com')).toEqual([
      { address: '93.184.215.14', family: 4 },
      { address: '93.184.215.15', family: 4 },
      { address: '2606:4700::1111', family: 6 },
    ]);
  });

  it('honours the hosts file and localhost, and asks no name server for them', async () => {
    expect(await addresses('crm.internal.example')).toEqual(['10.0.0.7']);
    expect(await addresses('localhost')).toEqual(['127.0.0.1', '::1']);
    expect(server.questions).toEqual([]);
  });

  it('honours search domains, in their order', async () => {
    server.records['crm.b.example'] = ['93.184.215.14'];
    expect(await addresses('crm')).toEqual(['93.184.215.14']);
    expect([...new Set(server.questions)]).toEqual(['crm.a.example', 'crm.b.example']);
  });

  it('finds a name though the name servers of a search domain that comes first are silent', async () => {
    server.records['crm.a.example'] = 'silence';
    server.records['crm.b.example'] = ['93.184.215.14'];
    expect(await addresses('crm')).toEqual(['93.184.215.14']);
  });

  it('passes over a line of resolv.conf that names no address', async () => {
    await appendFile(SYSTEM_FILES.resolverConfig, 'nameserver dns.example\n');
    server.records['app.example.com'] = ['93.184.215.14'];
    expect(await addresses('app.example.com')).toEqual(['93.184.215.14']);
  });

  it('does not wait for a family of which the name server says nothing', async () => {
    server.records['app.example.com'] = ['93.184.215.14'];
    server.silentTypes.add(AAAA);
    expect(await addresses('app.example.com')).toEqual(['93.184.215.14']);
  });

  it('distinguishes a name that does not exist from a name server that does not answer', async () => {
    server.records['broken.example.com'] = SERVFAIL;
    server.records['silent.example.com'] = 'silence';
    await expect(resolve('missing.example.com')).rejects.toThrow(
      'DNS knows no address of missing.example.com',
    );
    await expect(resolve(`${'a'.repeat(64)}.example.com`)).rejects.toThrow('DNS knows no address of aaa');
    await expect(resolve('broken.example.com')).rejects.toThrow('gave no answer for broken.example.com');
    await expect(resolve('silent.example.com')).rejects.toThrow('gave no answer for silent.example.com');
  });

  it('asks once for all who ask at the same time', async () => {
    server.records['app.example.com'] = ['93.184.215.14'];
    const names = new NameResolver();
    await Promise.all(Array.from({ length: 60 }, () => names.resolve('app.example.com')));
    // One question for each family.
    expect(server.questions).toHaveLength(2);
  });
});
