import { describe, expect, it } from 'vitest';
import type { Manifest } from '../../../src/app/manifest.js';
import { app, findingsOf, found, foundIn, object, revision, service, traefik } from './revision.js';

const WEB = service('web', { ports: [{ name: 'http', port: 80 }, { port: 443 }] });
const route = (...services: object[]): Manifest => traefik('IngressRoute', 'r', { routes: [{ services }] });
const ingress = (spec: object): Manifest => object('Ingress', 'i', { spec }, 'networking.k8s.io/v1');
const backendOf = (name: string, port: object) => ({ backend: { service: { name, port } } });
const path = (name: string, port: object) => ingress({ rules: [{ http: { paths: [backendOf(name, port)] } }] });
const SERVICE = 'IngressRoute home/r spec.routes[0].services[0]';
const BACKEND = 'Ingress home/i spec.rules[0].http.paths[0].backend.service';

describe('app/checks/missing-backend', () => {
  it.each<[string, Manifest, string | undefined]>([
    ['a port by number', route({ name: 'web', port: 443 }), undefined],
    ['a port by name', route({ name: 'web', port: 'http' }), undefined],
    ['a port that is not there', route({ name: 'web', port: 8080 }), `${SERVICE}.port`],
    ['a name that is not there', route({ name: 'web', port: 'https' }), `${SERVICE}.port`],
    ['no port', route({ name: 'web' }), undefined],
    ['another Service', route({ name: 'wbe', port: 80 }), `${SERVICE}.name`],
    ['another namespace', route({ name: 'web', namespace: 'other', port: 80 }), `${SERVICE}.name`],
    ['a Service of Traefik itself', route({ name: 'api@internal', kind: 'TraefikService' }), undefined],
    ['a TraefikService that is not there', route({ name: 'web', kind: 'TraefikService' }), `${SERVICE}.name`],
    ['the port of an Ingress by number', path('web', { number: 80 }), undefined],
    ['the port of an Ingress by name', path('web', { name: 'http' }), undefined],
    ['a missing port of an Ingress', path('web', { number: 81 }), `${BACKEND}.port`],
    ['a missing Service of an Ingress', path('wbe', { number: 80 }), `${BACKEND}.name`],
    [
      'a missing Service for all the rest',
      ingress({ defaultBackend: { service: { name: 'no', port: { number: 80 } } } }),
      'Ingress home/i spec.defaultBackend.service.name',
    ],
    [
      'a TCP route',
      traefik('IngressRouteTCP', 't', { routes: [{ services: [{ name: 'no', port: 1 }] }] }),
      'IngressRouteTCP home/t spec.routes[0].services[0].name',
    ],
  ])('%s', (_what, user, place) => {
    expect(foundIn('missing-backend', WEB, user)).toEqual(place === undefined ? [] : [place]);
  });

  it('a name outside of the cluster has all ports', () => {
    const external = service('web', { type: 'ExternalName', externalName: 'example.com' });
    expect(foundIn('missing-backend', external, route({ name: 'web', port: 443 }))).toEqual([]);
  });

  it('names the ports that there are', () => {
    const state = revision([app('a', [WEB, route({ name: 'web', port: 8080 })])]);
    expect(findingsOf('missing-backend', state)[0]).toMatchObject({
      severity: 'error',
      message: 'Service home/web has no port 8080; there are: 80, http, 443',
    });
  });

  it('is only a warning where a chart may have it', () => {
    const chart = object('HelmChart', 'c', { spec: { targetNamespace: 'home' } }, 'helm.cattle.io/v1');
    const grafana = route({ name: 'grafana', port: 80 });
    expect(found('missing-backend', app('a', [grafana]), app('charts', [chart]))).toEqual([
      `warning: a: ${SERVICE}.name`,
    ]);
    expect(found('missing-backend', app('a', [grafana], { outside: [{ kind: 'Service', name: 'grafana' }] }))).toEqual(
      [],
    );
  });
});
