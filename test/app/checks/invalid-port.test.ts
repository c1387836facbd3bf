import { describe, expect, it } from 'vitest';
import type { Manifest } from '../../../src/app/manifest.js';
import { app, findingsOf, foundIn, object, revision, running, service } from './revision.js';

const withPort = (port: object): Manifest => service('s', { ports: [{ port: 80, ...port }] });
const withEndpoint = (port: number): Manifest => object('Endpoints', 's', { subsets: [{ ports: [{ port }] }] });
const SERVICE = 'Service home/s spec.ports[0]';
const MAIN = 'Deployment home/web spec.template.spec.containers[0]';

describe('app/checks/invalid-port', () => {
  it.each<[string, Manifest, string | undefined]>([
    ['port 65535', withPort({ port: 65535 }), undefined],
    ['port 65536', withPort({ port: 65536 }), `${SERVICE}.port`],
    ['port 0', withPort({ port: 0 }), `${SERVICE}.port`],
    ['half a port', withPort({ port: 80.5 }), `${SERVICE}.port`],
    ['a target port by name', withPort({ targetPort: 'http' }), undefined],
    ['a target port by number', withPort({ targetPort: 70000 }), `${SERVICE}.targetPort`],
    ['node port 30000', withPort({ nodePort: 30000 }), undefined],
    ['node port 29999', withPort({ nodePort: 29999 }), `${SERVICE}.nodePort`],
    ['node port 32768', withPort({ nodePort: 32768 }), `${SERVICE}.nodePort`],
    ['node port 0: any that is free', withPort({ nodePort: 0 }), undefined],
    ['a port of a container', running('web', { ports: [{ containerPort: -1 }] }), `${MAIN}.ports[0].containerPort`],
    [
      'a port of the host',
      running('web', { ports: [{ containerPort: 80, hostPort: 99999 }] }),
      `${MAIN}.ports[0].hostPort`,
    ],
    ['a probe', running('web', { livenessProbe: { httpGet: { port: 99999 } } }), `${MAIN}.livenessProbe.httpGet.port`],
    ['a probe by name', running('web', { readinessProbe: { tcpSocket: { port: 'http' } } }), undefined],
    ['an address outside', withEndpoint(0), 'Endpoints home/s subsets[0].ports[0].port'],
    ['a fine address outside', withEndpoint(8420), undefined],
  ])('%s', (_what, one, place) => {
    expect(foundIn('invalid-port', one)).toEqual(place === undefined ? [] : [place]);
  });

  it('is an error that names the range', () => {
    expect(findingsOf('invalid-port', revision([app('a', [withPort({ nodePort: 8080 })])]))[0]).toMatchObject({
      severity: 'error',
      message: '8080 is not a node port from 30000 to 32767',
    });
  });
});
