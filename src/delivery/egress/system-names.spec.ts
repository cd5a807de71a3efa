import { candidateNames, parseHosts, parseResolverConfig } from './system-names';

describe(parseHosts, () => {
  it('reads every name of every address, whatever their case, without comments', () => {
    const hosts = parseHosts('# a comment\n10.0.0.7\tCRM crm.example.com # ours\nfd00::7 crm\nnonsense\n');
    expect(hosts.get('crm')).toEqual([
      { address: '10.0.0.7', family: 4 },
      { address: 'fd00::7', family: 6 },
    ]);
    expect(hosts.get('crm.example.com')).toEqual([{ address: '10.0.0.7', family: 4 }]);
  });

  it('knows localhost without a hosts file', () => {
    expect(parseHosts('').get('localhost')).toEqual([
      { address: '127.0.0.1', family: 4 },
      { address: '::1', family: 6 },
    ]);
  });
});

describe(parseResolverConfig, () => {
  it('reads name servers, search domains and ndots', () => {
    const text =
      'nameserver 10.96.0.10\nnameserver ::1\nsearch a.local b.local # two\noptions timeout:1 ndots:5\n';
    expect(parseResolverConfig(text)).toEqual({
      servers: ['10.96.0.10', '::1'],
      search: ['a.local', 'b.local'],
      ndots: 5,
    });
  });

  it('has no search domain, and one dot, without a file', () => {
    expect(parseResolverConfig('')).toEqual({ servers: [], search: [], ndots: 1 });
  });
});

describe(candidateNames, () => {
  const search = ['ns.svc.cluster.local', 'cluster.local.'];

  it.each([
    ['crm', 1, ['crm.ns.svc.cluster.local', 'crm.cluster.local', 'crm']],
    ['crm.example', 1, ['crm.example', 'crm.example.ns.svc.cluster.local', 'crm.example.cluster.local']],
    ['crm.example', 5, ['crm.example.ns.svc.cluster.local', 'crm.example.cluster.local', 'crm.example']],
    ['crm.example.', 5, ['crm.example']],
  ])('of %s with ndots:%i', (name, ndots, expected) => {
    expect(candidateNames(name, { servers: [], search, ndots })).toEqual(expected);
  });
});
