import { describe, expect, it } from 'vitest';
import { app, findingsOf, found, foundIn, revision, service } from './revision.js';

const withPort = (name: string, ...ports: object[]) => service(name, { type: 'NodePort', ports });

describe('app/checks/duplicate-node-port', () => {
  it('the second application by name is refused, and told who has the port', () => {
    const state = revision([
      app('web', [withPort('web', { port: 80, nodePort: 30080 })]),
      app('db', [withPort('db', { port: 1, nodePort: 30001 }, { port: 2, nodePort: 30080 })]),
    ]);
    expect(findingsOf('duplicate-node-port', state)).toEqual([
      {
        rule: 'duplicate-node-port',
        severity: 'error',
        app: 'web',
        object: { apiVersion: 'v1', kind: 'Service', namespace: 'home', name: 'web' },
        field: 'spec.ports[0].nodePort',
        file: 'apps/web/app.ts',
        message: 'node port 30080 is that of Service home/db of db; choose another one',
      },
    ]);
  });

  it.each([
    ['another protocol is no way out', { port: 80, nodePort: 30080, protocol: 'UDP' }, 1],
    ['another port is fine', { port: 80, nodePort: 30081 }, 0],
    ['no node port is fine', { port: 80 }, 0],
    ['zero means any that is free', { port: 80, nodePort: 0 }, 0],
  ])('%s', (_rule, port, count) => {
    const first = app('a', [withPort('a', { port: 1, nodePort: 30080 }, { port: 2, nodePort: 0 })]);
    expect(found('duplicate-node-port', first, app('b', [withPort('b', port)]))).toHaveLength(count);
  });

  it('two Services of one application cannot share it either', () => {
    const port = { port: 80, nodePort: 30080 };
    expect(foundIn('duplicate-node-port', withPort('one', port), withPort('two', port))).toEqual([
      'Service home/two spec.ports[0].nodePort',
    ]);
  });

  it('one Service may have it for TCP and for UDP', () => {
    const [tcp, udp] = ['TCP', 'UDP'].map((protocol) => ({ port: 53, nodePort: 30053, protocol }));
    expect(foundIn('duplicate-node-port', withPort('dns', tcp ?? {}, udp ?? {}))).toEqual([]);
  });

  it('the port of health checks counts', () => {
    const healthy = service('b', { healthCheckNodePort: 30080, ports: [] });
    expect(
      found('duplicate-node-port', app('a', [withPort('a', { port: 1, nodePort: 30080 })]), app('b', [healthy])),
    ).toEqual(['error: b: Service home/b spec.healthCheckNodePort']);
  });
});
