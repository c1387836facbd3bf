import { describe, expect, it } from 'vitest';
import { BasicAuth, ExternalService, IngressRoute, IpAllowList, RateLimit } from '../../src/constructs/index.js';
import { building, synthesize } from './synthesize.js';

const backend = { name: 'api', port: 80 };

describe('constructs/ingress-route', () => {
  it('several rules share a host', () => {
    const [route] = synthesize((scope) => {
      const login = new BasicAuth(scope, 'login', { name: 'login', secret: 'users' });
      new IngressRoute(scope, 'route', {
        name: 'shop',
        rules: [
          { host: 'shop.example.com', pathPrefix: '/api', backend, priority: 10, middlewares: [login, 'slow'] },
          { host: 'shop.example.com', backend: { name: 'web', port: 3000 } },
        ],
      });
    }).filter(({ kind }) => kind === 'IngressRoute');
    expect(route?.spec).toEqual({
      entryPoints: ['websecure'],
      routes: [
        {
          kind: 'Rule',
          match: 'Host(`shop.example.com`) && PathPrefix(`/api`)',
          priority: 10,
          middlewares: [{ name: 'login' }, { name: 'slow' }],
          services: [{ name: 'api', port: 80 }],
        },
        { kind: 'Rule', match: 'Host(`shop.example.com`)', services: [{ name: 'web', port: 3000 }] },
      ],
      tls: { certResolver: 'letsencrypt' },
    });
  });

  it.each([
    ['a host with a backtick', { host: 'a`) || Host(`b', backend }, '"a`) || Host(`b"'],
    ['a prefix without slash', { host: 'a.b', pathPrefix: 'api', backend }, '"api"'],
    ['a prefix with a backtick', { host: 'a.b', pathPrefix: '/`', backend }, '"/`"'],
    ['a port above 65535', { host: 'a.b', backend: { name: 'x', port: 65536 } }, '"65536"'],
  ])('%s is refused and quoted', (_what, rule, quoted) => {
    expect(building((scope) => new IngressRoute(scope, 'r', { name: 'r', rules: [rule] }))).toThrow(quoted);
  });

  it('no rules are refused', () => {
    expect(building((scope) => new IngressRoute(scope, 'r', { name: 'r', rules: [] }))).toThrow('"r"');
  });
});

describe('constructs/ip-allow-list', () => {
  it('uses the key of current Traefik versions', () => {
    const sourceRange = ['203.0.113.0/24', '2001:db8::/32'];
    expect(synthesize((scope) => new IpAllowList(scope, 'm', { name: 'm', sourceRange }))).toEqual([
      {
        apiVersion: 'traefik.io/v1alpha1',
        kind: 'Middleware',
        metadata: { name: 'm' },
        spec: { ipAllowList: { sourceRange } },
      },
    ]);
  });

  it.each(['203.0.113.0', '203.0.113.0/33', '203.0.113/24', '2001:db8::/129', '203.0.113.0/24/1', 'lan'])(
    '%s is refused',
    (range) => {
      expect(building((scope) => new IpAllowList(scope, 'm', { name: 'm', sourceRange: [range] }))).toThrow(
        `"${range}"`,
      );
    },
  );

  it('an empty list is refused, for it would refuse everybody', () => {
    expect(building((scope) => new IpAllowList(scope, 'm', { name: 'm', sourceRange: [] }))).toThrow('"m"');
  });
});

describe('constructs/rate-limit', () => {
  it('states what it was told', () => {
    const [full, short] = synthesize((scope) => {
      new RateLimit(scope, 'full', { name: 'full', average: 100, burst: 50, period: '1m' });
      new RateLimit(scope, 'short', { name: 'short', average: 10 });
    });
    expect(full?.spec).toEqual({ rateLimit: { average: 100, burst: 50, period: '1m' } });
    expect(short?.spec).toEqual({ rateLimit: { average: 10 } });
  });
});

describe('constructs/external-service', () => {
  it('the Endpoints have the target port', () => {
    const [service, endpoints] = synthesize(
      (scope) => new ExternalService(scope, 's', { name: 's', port: 80, targetPort: 8080, address: '192.0.2.7' }),
    );
    expect(service?.spec).toEqual({ ports: [{ port: 80, targetPort: 8080 }] });
    expect(endpoints?.subsets).toEqual([{ addresses: [{ ip: '192.0.2.7' }], ports: [{ port: 8080 }] }]);
  });

  it('a host name instead of an address is refused', () => {
    const props = { name: 's', port: 80, address: 'prodesk' };
    expect(building((scope) => new ExternalService(scope, 's', props))).toThrow('"prodesk"');
  });
});
