import { lookup as systemLookup } from 'node:dns';
import type { LookupAddress } from 'node:dns';
import { BlockList, isIP } from 'node:net';
import type { LookupFunction } from 'node:net';
import { StalledError } from '../../base/errors.js';

/** Where an IP address is, as seen from this machine. `link-local` holds cloud metadata services. */
export type AddressClass = 'public' | 'private' | 'loopback' | 'link-local' | 'unusable';

const RANGES: Readonly<Record<Exclude<AddressClass, 'public'>, readonly string[]>> = {
  loopback: ['127.0.0.0/8', '::1/128'],
  'link-local': ['169.254.0.0/16', 'fe80::/10', 'fd00:ec2::254/128'],
  private: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7', 'fec0::/10'],
  unusable: [
    '0.0.0.0/8',
    '192.0.0.0/24',
    '198.18.0.0/15',
    '224.0.0.0/3',
    '::/128',
    '64:ff9b::/96',
    '2002::/16',
    'ff00::/8',
  ],
};

const LISTS = Object.entries(RANGES).map(([name, ranges]) => {
  const list = new BlockList();
  for (const range of ranges) {
    const [network = '', prefix = ''] = range.split('/');
    list.addSubnet(network, Number(prefix), network.includes(':') ? 'ipv6' : 'ipv4');
  }
  return { name: name as AddressClass, list };
});

/** The class of an IP address; IPv4 addresses inside IPv6 are looked at as what they are. */
export function addressClassOf(address: string): AddressClass {
  const family = isIP(address);
  if (family === 0) {
    return 'unusable';
  }
  return LISTS.find(({ list }) => list.check(address, family === 6 ? 'ipv6' : 'ipv4'))?.name ?? 'public';
}

/** Whether a URL's host name is an IP address, and which. */
export function literalAddressOf(hostname: string): string | undefined {
  const bare = hostname.replace(/^\[|\]$/g, '');
  return isIP(bare) === 0 ? undefined : bare;
}

/** Resolves names; replaced in tests. */
export type Lookup = (
  hostname: string,
  options: { all: true },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/** The machine's resolver. */
export const machineLookup: Lookup = (hostname, options, callback) => systemLookup(hostname, options, callback);

/** A connection's resolver that gives only addresses of the allowed classes, at the moment of connecting: a name cannot change its mind after a check. */
export function guardedLookup(resolve: Lookup, allowed: ReadonlySet<AddressClass>): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { all: true }, (error, addresses) => {
      const first = addresses?.[0];
      if (error !== null || first === undefined) {
        callback(error ?? new Error(`${hostname} has no address`), []);
        return;
      }
      const refused = addresses.find(({ address }) => !allowed.has(addressClassOf(address)));
      if (refused !== undefined) {
        callback(forbiddenAddress(hostname, addressClassOf(refused.address)), []);
      } else if (options.all === true) {
        callback(null, addresses);
      } else {
        callback(null, first.address, first.family);
      }
    });
  };
}

/** Other classes than public that a host itself is in: what it refers to may be there too. */
export async function ownAddressClasses(hostname: string, resolve: Lookup): Promise<Set<AddressClass>> {
  const literal = literalAddressOf(hostname);
  const addresses =
    literal === undefined
      ? await new Promise<string[]>((done) => {
          resolve(hostname, { all: true }, (error, found) =>
            done(error === null ? found.map(({ address }) => address) : []),
          );
        })
      : [literal];
  return new Set(addresses.map(addressClassOf).filter((name) => name === 'private' || name === 'loopback'));
}

/** The error for an address that a registry must not send us to. */
export function forbiddenAddress(hostname: string, name: AddressClass): StalledError {
  return new StalledError(
    'registry/invalid',
    `the registry refers to ${hostname}, a ${name} address, which is not allowed`,
  );
}
