import { describe, expect, it } from 'vitest';
import type { Manifest } from '../../../src/app/manifest.js';
import { app, found, foundIn, object, traefik } from './revision.js';

const AUTH = traefik('Middleware', 'auth', { basicAuth: {} });
const OPTION = traefik('TLSOption', 'modern', {});
const route = (middlewares: object[], tls: object = {}): Manifest =>
  traefik('IngressRoute', 'r', { routes: [{}, { middlewares }], tls });
const FIRST = 'IngressRoute home/r spec.routes[1].middlewares[0].name';

describe('app/checks/missing-middleware', () => {
  it.each<[string, Manifest, string | undefined]>([
    ['a Middleware', route([{ name: 'auth' }]), undefined],
    ['a Middleware that is not there', route([{ name: 'auht' }]), FIRST],
    ['a Middleware of another namespace', route([{ name: 'auth', namespace: 'other' }]), FIRST],
    ['a Middleware of another provider', route([{ name: 'compress@file' }]), undefined],
    ['a TLSOption', route([], { options: { name: 'modern' } }), undefined],
    ['the default TLSOption', route([], { options: { name: 'default' } }), undefined],
    [
      'a TLSOption that is not there',
      route([], { options: { name: 'old' } }),
      'IngressRoute home/r spec.tls.options.name',
    ],
    [
      'a TLSOption of another namespace',
      route([], { options: { name: 'modern', namespace: 'other' } }),
      'IngressRoute home/r spec.tls.options.name',
    ],
    ['a chain', traefik('Middleware', 'c', { chain: { middlewares: [{ name: 'auth' }] } }), undefined],
    [
      'a chain with a gap',
      traefik('Middleware', 'c', { chain: { middlewares: [{ name: 'auth' }, { name: 'no' }] } }),
      'Middleware home/c spec.chain.middlewares[1].name',
    ],
    [
      'a Middleware for TCP',
      traefik('IngressRouteTCP', 't', { routes: [{ middlewares: [{ name: 'auth' }] }] }),
      'IngressRouteTCP home/t spec.routes[0].middlewares[0].name',
    ],
  ])('%s', (_what, user, place) => {
    expect(foundIn('missing-middleware', AUTH, OPTION, user)).toEqual(place === undefined ? [] : [place]);
  });

  it('is an error, unless it is said to be outside', () => {
    expect(found('missing-middleware', app('a', [route([{ name: 'no' }])]))).toEqual([`error: a: ${FIRST}`]);
    expect(
      found(
        'missing-middleware',
        app('a', [route([{ name: 'no' }])], { outside: [{ kind: 'Middleware', name: 'no' }] }),
      ),
    ).toEqual([]);
  });

  it('the group that Traefik had before is the same', () => {
    expect(
      foundIn(
        'missing-middleware',
        object('Middleware', 'auth', {}, 'traefik.containo.us/v1alpha1'),
        route([{ name: 'auth' }]),
      ),
    ).toEqual([]);
  });
});
