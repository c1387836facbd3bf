import { describe, expect, it } from 'vitest';
import { readEndpoint } from '../../../src/sources/registry/endpoint.js';

describe('sources/registry/endpoint', () => {
  it.each([
    ['https unless told otherwise', 'ghcr.io', {}, 'https://ghcr.io/'],
    ['http where that is allowed', '192.168.0.46:5000', { insecure: true }, 'http://192.168.0.46:5000/'],
    ['http on this machine', 'x', { url: 'http://127.0.0.1:5000' }, 'http://127.0.0.1:5000/'],
    ['http of another address where that is allowed', 'x', { url: 'http://r.lan', insecure: true }, 'http://r.lan/'],
    ['https of another address', 'x', { url: 'https://mirror.example' }, 'https://mirror.example/'],
  ])('reaches a registry by %s', (_how, host, endpoint, url) => {
    expect(readEndpoint(host, endpoint).url.href).toBe(url);
  });

  it.each([
    [
      'plain http without leave',
      { url: 'http://registry.lan:5000' },
      /r\.lan\.url: http:\/\/registry\.lan:5000 is plain http.*"insecure": true/,
    ],
    ['something that is no address', { url: 'registry.lan' }, /r\.lan\.url/],
    ['a certificate that is not there', { caFile: '/absent.pem' }, /r\.lan\.caFile/],
  ])('%s is a configuration error that names its key', (_what, endpoint, message) => {
    expect(() => readEndpoint('r.lan', endpoint)).toThrowError(message);
  });
});
