import { describe, expect, it } from 'vitest';
import type { AddressClass } from '../../../src/sources/registry/address-guard.js';
import { parseReferral } from '../../../src/sources/registry/redirect.js';

const check = (target: string, endpoint = 'https://ghcr.io', classes: AddressClass[] = []) =>
  parseReferral(target, new URL(`${endpoint}/v2/a/blobs/x`), {
    endpoint: new URL(endpoint),
    ownClasses: new Set(classes),
  });

describe('sources/registry/redirect', () => {
  it.each([
    ['/v2/b', 'https://ghcr.io', true, true],
    ['https://ghcr.io/token', 'https://ghcr.io', true, true],
    ['https://ghcr.io:8443/token', 'https://ghcr.io', true, false],
    ['https://storage.example/blob?sig=x', 'https://ghcr.io', false, false],
    ['http://127.0.0.1:6000/x', 'http://127.0.0.1:5000', true, false],
    ['http://localhost:6000/x', 'http://127.0.0.1:5000', false, false],
    ['https://auth.example/token', 'http://127.0.0.1:5000', false, false],
  ])('%s from %s is followed (own host %j, same origin %j)', (target, endpoint, isOwnHost, isSameOrigin) => {
    expect(check(target, endpoint, ['loopback'])).toMatchObject({ isOwnHost, isSameOrigin });
  });

  it('an internal registry may refer to its own network', () => {
    expect(check('https://192.168.0.6/token', 'https://192.168.0.5', ['private']).url.hostname).toBe('192.168.0.6');
  });

  it.each([
    ['http://ghcr.io/x', 'https://ghcr.io', 'a downgrade'],
    ['http://storage.example/x', 'http://127.0.0.1:5000', 'plain http to another host'],
    ['http://localhost/x', 'https://ghcr.io', 'this machine by http'],
    ['https://127.0.0.1/x', 'https://ghcr.io', 'this machine'],
    ['https://[::1]/x', 'https://ghcr.io', 'this machine by IPv6'],
    ['https://2130706433/x', 'https://ghcr.io', 'this machine by number'],
    ['https://10.0.0.1/x', 'https://ghcr.io', 'a private address'],
    ['https://169.254.169.254/x', 'https://ghcr.io', 'the metadata service'],
    ['https://user@storage.example/x', 'https://ghcr.io', 'user info'],
    ['ftp://ghcr.io/x', 'https://ghcr.io', 'another scheme'],
    ['file:///etc/passwd', 'https://ghcr.io', 'a file'],
    ['https://', 'https://ghcr.io', 'no host'],
  ])('%s from %s is refused: %s', (target, endpoint) => {
    expect(() => check(target, endpoint)).toThrowError(expect.objectContaining({ code: 'registry/invalid' }) as Error);
  });

  it('the metadata service is refused even where the registry is internal', () => {
    expect(() => check('https://169.254.169.254/x', 'https://10.0.0.1', ['private'])).toThrowError(/link-local/);
  });

  it('a signature in the address does not come into the message', () => {
    expect(() => check('http://storage.example/x?sig=sentinel')).not.toThrowError(/sentinel/);
  });
});
