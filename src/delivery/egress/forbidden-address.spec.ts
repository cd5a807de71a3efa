import { isAddress, isForbiddenAddress } from './forbidden-address';

/** The host as a URL normalises it: the check is of what would be connected to, however it is written. */
const hostOf = (host: string) => new URL(`http://${host}/`).hostname;

describe(isForbiddenAddress, () => {
  it.each([
    ['127.0.0.1', 'loopback'],
    ['127.255.255.254', 'loopback'],
    ['0.0.0.0', 'this host'],
    ['0.1.2.3', 'this network'],
    ['10.0.0.1', 'private'],
    ['172.16.0.1', 'private'],
    ['172.31.255.255', 'private'],
    ['192.168.1.1', 'private'],
    ['169.254.169.254', 'metadata'],
    ['168.63.129.16', 'the host of a machine on Azure'],
    ['[::ffff:168.63.129.16]', 'the same, mapped'],
    ['100.64.0.1', 'carrier-grade NAT'],
    ['100.100.100.200', 'metadata'],
    ['192.0.0.192', 'metadata'],
    ['198.18.0.1', 'benchmarking'],
    ['203.0.113.7', 'documentation'],
    ['224.0.0.1', 'multicast'],
    ['240.0.0.1', 'reserved'],
    ['255.255.255.255', 'broadcast'],
    ['2130706433', 'decimal loopback'],
    ['0x7f.1', 'hexadecimal loopback'],
    ['0177.0.0.1', 'octal loopback'],
    ['127.1', 'short loopback'],
    ['0xa9fea9fe', 'hexadecimal metadata'],
    ['[::]', 'unspecified'],
    ['[::1]', 'loopback'],
    ['[::ffff:127.0.0.1]', 'mapped loopback'],
    ['[::ffff:a9fe:a9fe]', 'mapped metadata'],
    ['[::127.0.0.1]', 'compatible loopback'],
    ['[64:ff9b::10.0.0.1]', 'NAT64 of private'],
    ['[64:ff9b:1::a9fe:a9fe]', 'local NAT64 of metadata'],
    ['[2002:7f00:1::]', '6to4 of loopback'],
    ['[2001::1]', 'Teredo'],
    ['[fe80::1]', 'link-local'],
    ['[fc00::1]', 'unique local'],
    ['[fd00:ec2::254]', 'metadata'],
    ['[fec0::1]', 'site-local'],
    ['[ff02::1]', 'multicast'],
    ['[2001:db8::1]', 'documentation'],
    ['[100::1]', 'discard'],
  ])('refuses %s (%s)', (host) => {
    expect(isForbiddenAddress(hostOf(host))).toBe(true);
  });

  it.each([
    '8.8.8.8',
    '172.32.0.1',
    '100.128.0.1',
    '[2606:4700::1111]',
    '[::ffff:8.8.8.8]',
    '[64:ff9b::8.8.8.8]',
  ])('allows %s', (host) => {
    expect(isForbiddenAddress(hostOf(host))).toBe(false);
  });

  it('refuses what is no address', () => {
    expect(isForbiddenAddress('example.com')).toBe(true);
    expect(isForbiddenAddress('fe80::1%eth0')).toBe(true);
  });
});

describe(isAddress, () => {
  it.each([
    ['10.1', true],
    ['[::1]', true],
    ['example.com', false],
    ['localhost', false],
  ])('%s: %s', (host, expected) => {
    expect(isAddress(hostOf(host))).toBe(expected);
  });
});
