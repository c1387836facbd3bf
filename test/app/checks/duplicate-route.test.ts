import { describe, expect, it } from 'vitest';
import type { Manifest } from '../../../src/app/manifest.js';
import { app, found, foundIn, object, traefik } from './revision.js';

const OTHER = { entryPoints: ['web'] };

function route(name: string, match: string, more: { priority?: number; entryPoints?: string[] } = {}): Manifest {
  const { entryPoints = ['websecure'], ...rule } = more;
  return traefik('IngressRoute', name, { entryPoints, routes: [{ kind: 'Rule', match, ...rule }] });
}

function ingress(
  name: string,
  host: string,
  path: object,
  more: { className?: string; annotations?: object } = {},
): Manifest {
  const { className, annotations = {} } = more;
  const made = object(
    'Ingress',
    name,
    { spec: { ...(className && { ingressClassName: className }), rules: [{ host, http: { paths: [path] } }] } },
    'networking.k8s.io/v1',
  );
  return { ...made, metadata: { ...made.metadata, annotations: annotations as Record<string, string> } };
}

describe('app/checks/duplicate-route', () => {
  const HOST = 'Host(`x.example.com`)';

  it.each<[string, Manifest, Manifest, number]>([
    ['the same host', route('a', HOST), route('b', HOST), 1],
    ['the same host in capitals', route('a', HOST), route('b', 'Host(`X.Example.com`)'), 1],
    ['another host', route('a', HOST), route('b', 'Host(`y.example.com`)'), 0],
    ['another path', route('a', HOST), route('b', `${HOST} && PathPrefix(\`/api\`)`), 0],
    [
      'the same path, written the other way round',
      route('a', `${HOST} && PathPrefix(\`/api\`)`),
      route('b', `PathPrefix(\`/api\`) && ${HOST}`),
      1,
    ],
    [
      'one of several hosts',
      route('a', `${HOST}||Host(\`y.example.com\`)`, { priority: 9 }),
      route('b', HOST, { priority: 9 }),
      1,
    ],
    [
      'several hosts in one matcher',
      route('a', 'Host(`x.example.com`, `y.example.com`)', { priority: 9 }),
      route('b', HOST, { priority: 9 }),
      1,
    ],
    ['another priority', route('a', HOST), route('b', HOST, { priority: 5 }), 0],
    ['the same priority', route('a', HOST, { priority: 5 }), route('b', HOST, { priority: 5 }), 1],
    ['priority 0 is the length of the rule', route('a', HOST), route('b', HOST, { priority: 0 }), 1],
    ['another entry point', route('a', HOST), route('b', HOST, OTHER), 0],
    ['all entry points', route('a', HOST), route('b', HOST, { entryPoints: [] }), 1],
    ['a negated rule', route('a', `!${HOST}`), route('b', HOST), 0],
    ['the same rule in brackets', route('a', `(${HOST})`), route('b', `(${HOST})`), 1],
    [
      'an Ingress for the same',
      route('a', `${HOST} && PathPrefix(\`/\`)`),
      ingress('b', 'x.example.com', { path: '/', pathType: 'Prefix' }),
      1,
    ],
    [
      'an exact path of an Ingress',
      ingress('a', 'x.example.com', { path: '/', pathType: 'Prefix' }),
      ingress('b', 'x.example.com', { path: '/', pathType: 'Exact' }),
      0,
    ],
    [
      'an Ingress of another class',
      ingress('a', 'x.example.com', { path: '/' }),
      ingress('b', 'x.example.com', { path: '/' }, { className: 'nginx' }),
      0,
    ],
    [
      'Ingresses on other entry points',
      ingress(
        'a',
        'x.example.com',
        { path: '/' },
        { annotations: { 'traefik.ingress.kubernetes.io/router.entrypoints': 'web' } },
      ),
      route('b', `${HOST} && PathPrefix(\`/\`)`),
      0,
    ],
    ['a TCP route', traefik('IngressRouteTCP', 'a', { routes: [{ match: HOST }] }), route('b', HOST), 0],
  ])('%s: %#', (_what, first, second, count) => {
    expect(found('duplicate-route', app('a', [first]), app('b', [second]))).toHaveLength(count);
  });

  it('says where and what', () => {
    expect(found('duplicate-route', app('a', [route('a', HOST)]), app('b', [route('b', HOST)]))).toEqual([
      'error: b: IngressRoute home/b spec.routes[0].match',
    ]);
  });

  it('two rules of one route say it twice, and take it once', () => {
    expect(
      foundIn('duplicate-route', traefik('IngressRoute', 'a', { routes: [{ match: HOST }, { match: HOST }] })),
    ).toEqual([]);
  });

  it('either of the two may silence it', () => {
    const ignoreChecks = { 'duplicate-route': 'they share the load' };
    const [a, b] = ['a', 'b'].map((name) => app(name, [route(name, HOST)])) as [
      ReturnType<typeof app>,
      ReturnType<typeof app>,
    ];
    expect(found('duplicate-route', { ...a, ignoreChecks }, b)).toEqual([]);
    expect(found('duplicate-route', a, { ...b, ignoreChecks })).toEqual([]);
  });
});
