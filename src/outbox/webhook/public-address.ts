/**
 * Which addresses a webhook may be sent to: those of the public internet (IANA special-purpose registries, RFC 6890).
 * A webhook's address is the seller's word, but its name may be changed by whoever has the domain.
 */
import { lookup as systemLookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** IPv4 networks that are not public, with the bits of each. */
const FORBIDDEN_IPV4: readonly (readonly [network: string, bits: number])[] = [
  ['0.0.0.0', 8], // this host
  ['10.0.0.0', 8], // private
  ['100.64.0.0', 10], // carrier-grade NAT
  ['127.0.0.0', 8], // loopback
  ['169.254.0.0', 16], // link-local, with the metadata services of clouds
  ['172.16.0.0', 12], // private
  ['192.0.0.0', 24], // protocol assignments
  ['192.0.2.0', 24], // documentation
  ['192.88.99.0', 24], // 6to4 relays
  ['192.168.0.0', 16], // private
  ['198.18.0.0', 15], // benchmarks
  ['198.51.100.0', 24], // documentation
  ['203.0.113.0', 24], // documentation
  ['224.0.0.0', 4], // multicast
  ['240.0.0.0', 4], // reserved, broadcast
];

/** Prefixes of IPv6 that carry an IPv4 address in the last 32 bits: mapped, and the well-known one of NAT64. */
const CARRIES_IPV4 = ['::ffff:', '64:ff9b::'];
const BITS_BEFORE_IPV4 = 96;

/** Within the global unicast addresses. */
const FORBIDDEN_IPV6: readonly (readonly [network: string, bits: number])[] = [
  ['2001::', 23], // protocol assignments: Teredo, benchmarks, ORCHID
  ['2001:db8::', 32], // documentation
  ['2002::', 16], // 6to4
  ['3fff::', 20], // documentation
];

const forbidden = new BlockList();
/** All else of IPv6 is loopback, link-local, unique local, multicast, or not assigned. */
const globalIpv6 = new BlockList();
globalIpv6.addSubnet('2000::', 3, 'ipv6');
for (const [network, bits] of FORBIDDEN_IPV4) {
  forbidden.addSubnet(network, bits, 'ipv4');
  for (const prefix of CARRIES_IPV4)
    forbidden.addSubnet(`${prefix}${network}`, BITS_BEFORE_IPV4 + bits, 'ipv6');
}
for (const [network, bits] of FORBIDDEN_IPV6) forbidden.addSubnet(network, bits, 'ipv6');
for (const prefix of CARRIES_IPV4) globalIpv6.addSubnet(`${prefix}0.0.0.0`, BITS_BEFORE_IPV4, 'ipv6');

/** False for what is no IP address too. */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !forbidden.check(address, 'ipv4');
    case 6:
      // A zone (fe80::1%eth0) is only for addresses that are not global.
      if (address.includes('%')) return false;
      return globalIpv6.check(address, 'ipv6') && !forbidden.check(address, 'ipv6');
    default:
      return false;
  }
}

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** An address of this host, or the name `localhost`. */
export function isLoopbackHost(host: string): boolean {
  const version = isIP(host);
  return version === 0 ? host === 'localhost' : loopback.check(host, version === 4 ? 'ipv4' : 'ipv6');
}

export class ForbiddenAddress extends Error {
  override readonly name = 'ForbiddenAddress';
}

/**
 * The look-up of a connection that refuses a name with any address that is not public. The connection then
 * goes to an address that was checked here, so that a name that changes between a check and the connection does not help.
 */
export function publicLookup(lookup: LookupFunction = systemLookup): LookupFunction {
  return (host, options, callback) => {
    lookup(host, options, (error, found, family) => {
      if (error) {
        callback(error, found, family);
        return;
      }
      const addresses = typeof found === 'string' ? [found] : found.map(({ address }) => address);
      const isPublic = addresses.length > 0 && addresses.every(isPublicAddress);
      callback(
        isPublic ? null : new ForbiddenAddress('the name leads to an address that is not public'),
        found,
        family,
      );
    });
  };
}
