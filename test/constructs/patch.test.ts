import { describe, expect, it } from 'vitest';
import { ConfigMap, IngressRoute, patch, patchJson, WebApp } from '../../src/constructs/index.js';
import { building, synthesize } from './synthesize.js';

const PROPS = { name: 'shop', image: 'shop:1', port: 8080 };

describe('constructs/patch', () => {
  it('lays fields over an object and keeps the others', () => {
    const [deployment] = synthesize((scope) => {
      const app = new WebApp(scope, 'web', PROPS);
      patch(app.deployment, { spec: { minReadySeconds: 5, strategy: { rollingUpdate: { maxSurge: '50%' } } } });
    });
    expect(deployment?.spec).toMatchObject({
      replicas: 1,
      minReadySeconds: 5,
      strategy: { rollingUpdate: { maxSurge: '50%' } },
      selector: { matchLabels: { app: 'shop' } },
    });
  });

  it('null takes a field away', () => {
    const [deployment] = synthesize((scope) =>
      patch(new WebApp(scope, 'web', PROPS).deployment, { spec: { replicas: null } }),
    );
    expect(deployment?.spec).not.toHaveProperty('replicas');
  });

  it('a list replaces the whole list', () => {
    const [, service] = synthesize((scope) => {
      patch(new WebApp(scope, 'web', PROPS).service, { spec: { ports: [{ port: 80, targetPort: 'http' }] } });
    });
    expect(service?.spec).toMatchObject({ ports: [{ port: 80, targetPort: 'http' }] });
  });

  it('metadata can be patched too', () => {
    const [configMap] = synthesize((scope) =>
      patch(new ConfigMap(scope, 'c', { name: 'c' }), { metadata: { labels: { tier: 'a' } } }),
    );
    expect(configMap?.metadata).toEqual({ name: 'c', labels: { tier: 'a' } });
  });

  it('a field that the construct does not have is refused by the compiler', () => {
    synthesize((scope) => {
      // @ts-expect-error a Deployment has no such field
      patch(new WebApp(scope, 'web', PROPS).deployment, { spec: { replica: 2 } });
    });
  });
});

describe('constructs/patch-json', () => {
  it('changes one place of a list, and fields that the types do not know', () => {
    const [deployment] = synthesize((scope) => {
      patchJson(
        new WebApp(scope, 'web', PROPS).deployment,
        { op: 'add', path: '/spec/template/spec/containers/0/tty', value: true },
        { op: 'add', path: '/spec/template/spec/resourcesOfTomorrow', value: { cpu: 1 } },
        { op: 'replace', path: '/spec/replicas', value: 2 },
        { op: 'remove', path: '/spec/template/metadata/labels/app' },
      );
    });
    expect(deployment?.spec).toMatchObject({
      replicas: 2,
      template: { metadata: { labels: {} }, spec: { resourcesOfTomorrow: { cpu: 1 }, containers: [{ tty: true }] } },
    });
  });

  it('ports of custom resources stay numbers', () => {
    const rules = [{ host: 'a.example.com', backend: { name: 'a', port: 80 } }];
    const [route] = synthesize((scope) => {
      patchJson(new IngressRoute(scope, 'r', { name: 'r', rules }), {
        op: 'replace',
        path: '/spec/routes/0/services/0/port',
        value: 81,
      });
    });
    expect(route?.spec).toMatchObject({ routes: [{ services: [{ name: 'a', port: 81 }] }] });
  });

  it.each([
    ['a path that is not there', { op: 'replace', path: '/spec/replika', value: 2 }],
    ['a test that fails', { op: 'test', path: '/spec/replicas', value: 2 }],
  ] as const)('%s is refused at once, and the object is named', (_what, operation) => {
    expect(building((scope) => patchJson(new WebApp(scope, 'web', PROPS).deployment, operation))).toThrow(
      'Deployment "shop"',
    );
  });
});
