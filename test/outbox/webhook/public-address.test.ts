import type { LookupFunction } from 'node:net';
import test from 'ava';
import { isLoopbackHost, isPublicAddress, publicLookup } from '../../../src/outbox/webhook/public-address.ts';

const PUBLIC = [
  '1.1.1.1',
  '9.255.255.255',
  '11.0.0.0',
  '100.63.255.255',
  '100.128.0.0',
  '172.15.255.255',
  '172.32.0.0',
  '192.167.255.255',
  '223.255.255.255',
  '2606:4700:4700::1111',
  '::ffff:1.1.1.1',
  '::ffff:101:101',
  '64:ff9b::1.1.1.1',
];

const FORBIDDEN = [
  ...['0.0.0.0', '0.1.2.3', '10.0.0.1', '10.255.255.255', '100.64.0.1', '100.127.255.255', '127.0.0.1'],
  ...['127.255.255.255', '169.254.169.254', '172.16.0.1', '172.31.255.255', '192.0.0.170', '192.0.2.1'],
  ...['192.88.99.1', '192.168.1.1', '198.18.0.1', '198.19.255.255', '198.51.100.1', '203.0.113.1'],
  ...['224.0.0.1', '239.255.255.255', '240.0.0.1', '255.255.255.255'],
  ...['::', '::1', '::127.0.0.1', 'fe80::1', 'fe80::1%eth0', '2606:4700::1%1', 'febf::1', 'fc00::1'],
  ...['fd00:ec2::254', 'ff02::1', 'fec0::1', '100::1', '5f00::1', '2001::1', '2001:20::1', '2001:db8::1'],
  ...['2002:7f00:1::', '2002:101:101::', '3fff::1', '4000::1'],
  ...['::ffff:127.0.0.1', '::ffff:7f00:1', '0:0:0:0:0:ffff:a00:1', '::ffff:169.254.169.254'],
  ...['64:ff9b::10.0.0.1', '64:ff9b::a9fe:a9fe', '64:ff9b:1::1.1.1.1', '::ffff:0:1.1.1.1'],
  ...['', 'localhost', '1.1.1', '0x7f.1', '1.1.1.1.', 'example.com'],
];

test('addresses of the public internet are taken, to the edges of the networks beside them', (t) => {
  t.deepEqual(
    PUBLIC.filter((address) => !isPublicAddress(address)),
    [],
  );
});

test('private, loopback, link-local, shared, multicast and wrapped addresses, and what is no address, are not public', (t) => {
  t.deepEqual(FORBIDDEN.filter(isPublicAddress), []);
});

/** A look-up that knows these addresses. */
const knows =
  (...addresses: readonly string[]): LookupFunction =>
  (_host, { all }, callback) => {
    const found = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
    if (all) callback(null, found);
    else callback(null, found[0]?.address ?? '', found[0]?.family);
  };

const lookedUp = (lookup: LookupFunction, all: boolean) =>
  new Promise<unknown>((resolve) => {
    publicLookup(lookup)('receiver.example', { all }, (error, found) => resolve(error?.message ?? found));
  });

test('a name is refused if any of its addresses is not public', async (t) => {
  const refused = 'the name leads to an address that is not public';
  t.is(await lookedUp(knows('1.1.1.1'), false), '1.1.1.1');
  t.deepEqual(await lookedUp(knows('1.1.1.1', '2606:4700::1'), true), [
    { address: '1.1.1.1', family: 4 },
    { address: '2606:4700::1', family: 6 },
  ]);
  t.is(await lookedUp(knows('10.0.0.1'), false), refused);
  t.is(await lookedUp(knows('1.1.1.1', '10.0.0.1'), true), refused);
  t.is(await lookedUp(knows('::1'), true), refused);
  t.is(await lookedUp(knows(), true), refused);
});

test('a name that is not found stays a failure of the look-up', async (t) => {
  const fails: LookupFunction = (_host, _options, callback) => callback(new Error('not found'), '');
  t.is(await lookedUp(fails, true), 'not found');
});

test('localhost and the loopback addresses are this host, and nothing else is', (t) => {
  for (const host of ['localhost', '127.0.0.1', '127.3.2.1', '::1']) t.true(isLoopbackHost(host), host);
  for (const host of ['localhost.example.com', '128.0.0.1', '::2', '']) t.false(isLoopbackHost(host), host);
});
