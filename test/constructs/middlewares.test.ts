import { describe, expect, it } from 'vitest';
import {
  BasicAuth,
  Chain,
  Compress,
  ForwardAuth,
  Headers,
  IpAllowList,
  RedirectRegex,
  RedirectScheme,
  StripPrefix,
  TlsOption,
  TlsStore,
} from '../../src/constructs/index.js';
import { building, synthesize } from './synthesize.js';

describe('constructs/middlewares', () => {
  it('each one is a Middleware with one field', () => {
    const objects = synthesize((scope) => {
      const https = new RedirectScheme(scope, 'a', { name: 'https' });
      new RedirectRegex(scope, 'b', { name: 'www', regex: '^https://www\\.(.+)', replacement: 'https://${1}' });
      new StripPrefix(scope, 'c', { name: 'api', prefixes: ['/api'] });
      new Compress(scope, 'd', { name: 'small' });
      new Chain(scope, 'e', { name: 'all', middlewares: [https, 'small'] });
      new ForwardAuth(scope, 'f', { name: 'sso', address: 'http://auth/verify', responseHeaders: ['Remote-User'] });
      new IpAllowList(scope, 'g', { name: 'lan', sourceRange: ['192.0.2.0/24'], forwardedDepth: 1 });
      new BasicAuth(scope, 'h', { name: 'login', secret: 'users', realm: 'shop', removeHeader: true });
      new RedirectScheme(scope, 'i', { name: 'back', scheme: 'http', port: 8080, permanent: false });
    });
    expect(objects.map(({ kind, metadata, spec }) => [kind, metadata.name, spec])).toEqual([
      ['Middleware', 'https', { redirectScheme: { scheme: 'https', permanent: true } }],
      [
        'Middleware',
        'www',
        { redirectRegex: { regex: '^https://www\\.(.+)', replacement: 'https://${1}', permanent: true } },
      ],
      ['Middleware', 'api', { stripPrefix: { prefixes: ['/api'] } }],
      ['Middleware', 'small', { compress: {} }],
      ['Middleware', 'all', { chain: { middlewares: [{ name: 'https' }, { name: 'small' }] } }],
      ['Middleware', 'sso', { forwardAuth: { address: 'http://auth/verify', authResponseHeaders: ['Remote-User'] } }],
      ['Middleware', 'lan', { ipAllowList: { sourceRange: ['192.0.2.0/24'], ipStrategy: { depth: 1 } } }],
      ['Middleware', 'login', { basicAuth: { secret: 'users', realm: 'shop', removeHeader: true } }],
      ['Middleware', 'back', { redirectScheme: { scheme: 'http', port: '8080', permanent: false } }],
    ]);
  });

  it('headers of requests, responses and other sites', () => {
    const [headers] = synthesize(
      (scope) =>
        new Headers(scope, 'h', {
          name: 'h',
          request: { 'X-A': '1' },
          response: { Server: '' },
          stsSeconds: 31536000,
          frameDeny: true,
          cors: { origins: ['https://app.example.com'], credentials: true },
        }),
    );
    expect(headers?.spec).toEqual({
      headers: {
        customRequestHeaders: { 'X-A': '1' },
        customResponseHeaders: { Server: '' },
        stsSeconds: 31536000,
        frameDeny: true,
        accessControlAllowOriginList: ['https://app.example.com'],
        accessControlAllowMethods: ['GET', 'HEAD', 'POST'],
        accessControlAllowCredentials: true,
        addVaryHeader: true,
      },
    });
  });

  it('an empty chain is refused', () => {
    expect(building((scope) => new Chain(scope, 'c', { name: 'c', middlewares: [] }))).toThrow('"c"');
  });
});

describe('constructs/tls-option', () => {
  it('names a version and authorities of clients as Traefik does', () => {
    const [option] = synthesize(
      (scope) =>
        new TlsOption(scope, 't', { name: 'mtls', minVersion: '1.3', sniStrict: true, clientAuthorities: ['ca'] }),
    );
    expect(option).toEqual({
      apiVersion: 'traefik.io/v1alpha1',
      kind: 'TLSOption',
      metadata: { name: 'mtls' },
      spec: {
        minVersion: 'VersionTLS13',
        sniStrict: true,
        clientAuth: { clientAuthType: 'RequireAndVerifyClientCert', secretNames: ['ca'] },
      },
    });
  });
});

describe('constructs/tls-store', () => {
  it('has the only name that Traefik reads', () => {
    const [store] = synthesize(
      (scope) => new TlsStore(scope, 't', { defaultCertificate: 'wildcard', certificates: ['other'] }),
    );
    expect(store).toMatchObject({
      kind: 'TLSStore',
      metadata: { name: 'default' },
      spec: { defaultCertificate: { secretName: 'wildcard' }, certificates: [{ secretName: 'other' }] },
    });
  });
});
