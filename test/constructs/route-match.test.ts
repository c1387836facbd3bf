import { describe, expect, it } from 'vitest';
import { IngressRoute, type IngressRouteProps, WebApp } from '../../src/constructs/index.js';
import { matchOf } from '../../src/constructs/route-match.js';
import { synthesize } from './synthesize.js';

const backend = { name: 'a', port: 80 };

describe('constructs/route-match', () => {
  it.each([
    ['one host', { host: 'a.b' }, 'Host(`a.b`)'],
    ['any of several hosts', { host: ['a.b', 'c.d'] }, '(Host(`a.b`) || Host(`c.d`))'],
    [
      'any of several prefixes',
      { host: 'a.b', pathPrefix: ['/x', '/y'] },
      'Host(`a.b`) && (PathPrefix(`/x`) || PathPrefix(`/y`))',
    ],
    ['one path', { host: 'a.b', path: '/x' }, 'Host(`a.b`) && Path(`/x`)'],
    ['headers', { host: 'a.b', headers: { 'X-A': '1' } }, 'Host(`a.b`) && Header(`X-A`, `1`)'],
    ['methods', { host: 'a.b', methods: ['GET', 'HEAD'] }, 'Host(`a.b`) && (Method(`GET`) || Method(`HEAD`))'],
    ['a condition', { host: 'a.b', condition: 'ClientIP(`::1`) || x' }, 'Host(`a.b`) && (ClientIP(`::1`) || x)'],
  ])('%s', (_what, match, text) => {
    expect(matchOf(match)).toBe(text);
  });

  it('no host, and a backtick in a header, are refused', () => {
    expect(() => matchOf({ host: [] })).toThrow('no host');
    expect(() => matchOf({ host: 'a.b', headers: { a: '`' } })).toThrow('"`"');
  });
});

describe('constructs/ingress-route tls', () => {
  const tlsOf = (tls: IngressRouteProps['tls']) => {
    const props = { name: 'r', rules: [{ host: 'a.b', backend }], ...(tls === undefined ? {} : { tls }) };
    return (synthesize((scope) => new IngressRoute(scope, 'r', props))[0]?.spec as { tls?: object }).tls;
  };

  it.each<[string, IngressRouteProps['tls'], object | undefined]>([
    ['nothing said', undefined, { certResolver: 'letsencrypt' }],
    ['none', 'none', undefined],
    ['the default certificate', { certificate: 'default' }, {}],
    [
      'a Secret',
      { certificate: { secret: 'cert' }, options: 'modern' },
      { secretName: 'cert', options: { name: 'modern' } },
    ],
    [
      'one certificate for several names',
      { certificate: { resolver: 'dns' }, domains: [{ main: 'a.b', sans: ['*.a.b'] }] },
      { certResolver: 'dns', domains: [{ main: 'a.b', sans: ['*.a.b'] }] },
    ],
  ])('%s', (_what, tls, expected) => {
    expect(tlsOf(tls)).toEqual(expected);
  });

  it('several backends share the requests', () => {
    const rules = [
      {
        host: 'a.b',
        backend: [
          { ...backend, weight: 9 },
          { name: 'b', port: 443, scheme: 'https', weight: 1 },
        ],
      },
    ] as const;
    const [route] = synthesize((scope) => new IngressRoute(scope, 'r', { name: 'r', rules, entryPoints: ['web'] }));
    expect(route?.spec).toMatchObject({
      entryPoints: ['web'],
      routes: [
        {
          services: [
            { name: 'a', port: 80, weight: 9 },
            { name: 'b', port: 443, scheme: 'https', weight: 1 },
          ],
        },
      ],
    });
  });

  it('an application has several addresses', () => {
    const route = [{ host: 'a.b' }, { name: 'admin', host: 'c.d', tls: 'none', entryPoints: ['web'] }] as const;
    const routes = synthesize((scope) => new WebApp(scope, 'w', { name: 'w', image: 'w:1', port: 80, route })).slice(2);
    expect(routes.map(({ metadata }) => metadata.name)).toEqual(['w', 'admin']);
  });
});
