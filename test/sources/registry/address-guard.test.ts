import { describe, expect, it } from 'vitest';
import {
  addressClassOf,
  guardedLookup,
  literalAddressOf,
  ownAddressClasses,
} from '../../../src/sources/registry/address-guard.js';
import type { AddressClass, Lookup } from '../../../src/sources/registry/address-guard.js';

const resolveTo =
  (...addresses: string[]): Lookup =>
  (_hostname, _options, callback) =>
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );

describe('sources/registry/address-guard', () => {
  it.each<[string, AddressClass]>([
    ['140.82.112.33', 'public'],
    ['2606:50c0:8000::153', 'public'],
    ['127.0.0.1', 'loopback'],
    ['127.9.9.9', 'loopback'],
    ['::1', 'loopback'],
    ['::ffff:127.0.0.1', 'loopback'],
    ['169.254.169.254', 'link-local'],
    ['::ffff:169.254.169.254', 'link-local'],
    ['fe80::1', 'link-local'],
    ['fd00:ec2::254', 'link-local'],
    ['10.1.2.3', 'private'],
    ['172.16.0.1', 'private'],
    ['172.31.255.255', 'private'],
    ['172.32.0.1', 'public'],
    ['192.168.0.46', 'private'],
    ['::ffff:10.0.0.1', 'private'],
    ['100.64.0.1', 'private'],
    ['fd12::1', 'private'],
    ['0.0.0.0', 'unusable'],
    ['::', 'unusable'],
    ['224.0.0.1', 'unusable'],
    ['255.255.255.255', 'unusable'],
    ['64:ff9b::7f00:1', 'unusable'],
    ['2002:7f00:1::', 'unusable'],
    ['ghcr.io', 'unusable'],
  ])('%s is %s', (address, expected) => {
    expect(addressClassOf(address)).toBe(expected);
  });

  it('an address in a URL is known as one, in each form that URLs allow', () => {
    const literals = ['http://[::1]/', 'http://2130706433/', 'http://0x7f.1/', 'http://127.1/'].map((url) =>
      literalAddressOf(new URL(url).hostname),
    );
    expect(literals).toEqual(['::1', '127.0.0.1', '127.0.0.1', '127.0.0.1']);
    expect(literalAddressOf('ghcr.io')).toBeUndefined();
  });

  describe('guardedLookup', () => {
    const look = (resolve: Lookup, allowed: AddressClass[], all = false) =>
      new Promise((done) => {
        const lookup = guardedLookup(resolve, new Set(allowed));
        lookup('name.example', { all }, (error, address) => done(error ?? address));
      });

    it('a public address passes', async () => {
      expect(await look(resolveTo('203.0.113.7'), ['public'])).toBe('203.0.113.7');
      expect(await look(resolveTo('203.0.113.7'), ['public'], true)).toEqual([{ address: '203.0.113.7', family: 4 }]);
    });

    it('one internal address among public ones refuses them all', async () => {
      expect(await look(resolveTo('203.0.113.7', '10.0.0.1'), ['public'])).toMatchObject({ code: 'registry/invalid' });
    });

    it('an internal address passes where its class is allowed', async () => {
      expect(await look(resolveTo('10.0.0.1'), ['public', 'private'])).toBe('10.0.0.1');
      expect(await look(resolveTo('127.0.0.1'), ['public', 'private'])).toMatchObject({ code: 'registry/invalid' });
    });

    it('a name that does not resolve is that error', async () => {
      const error = Object.assign(new Error('ENOTFOUND'), { code: 'ENOTFOUND' });
      expect(await look((_name, _options, callback) => callback(error, []), ['public'])).toBe(error);
    });
  });

  it.each([
    ['127.0.0.1', [], ['loopback']],
    ['registry.lan', ['192.168.0.5'], ['private']],
    ['ghcr.io', ['140.82.112.33'], []],
    ['evil.example', ['169.254.169.254'], []],
  ])('a registry at %s %j vouches for %j', async (hostname, addresses, classes) => {
    expect([...(await ownAddressClasses(hostname, resolveTo(...addresses)))]).toEqual(classes);
  });
});
