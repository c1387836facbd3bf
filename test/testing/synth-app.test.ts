import { describe, expect, it } from 'vitest';
import { defineApp } from '../../src/app/index.js';
import { ConfigMap, fromSecret, patchJson, Secret, Service, Worker } from '../../src/constructs/index.js';
import { synthApp } from '../../src/testing/index.js';

const app = defineApp({
  namespace: 'shop',
  enabled: false,
  build(scope, context) {
    new ConfigMap(scope, 'config', { name: 'config', data: { HOST: context.setting('domain') } });
    new Secret(scope, 'secret', { name: 'secret', values: { TOKEN: context.secret('TOKEN') } });
  },
});

describe('testing', () => {
  it('gives objects with their namespace, and secrets as their names', () => {
    const shop = synthApp('shop', app, { domain: 'example.com' });
    expect(shop.find('ConfigMap', 'config')).toEqual({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'config', namespace: 'shop' },
      data: { HOST: 'example.com' },
    });
    expect(shop.find('Secret', 'secret').stringData).toEqual({ TOKEN: '⟦secret:shop.TOKEN⟧' });
  });

  it('gives YAML documents', () => {
    expect(synthApp('shop', app, { domain: 'example.com' }).yaml).toBe(
      [
        '---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: config\n  namespace: shop\ndata:\n  HOST: example.com\n',
        '---\napiVersion: v1\nkind: Secret\nmetadata:\n  name: secret\n  namespace: shop\n',
        'stringData:\n  TOKEN: ⟦secret:shop.TOKEN⟧\ntype: Opaque\n',
      ].join(''),
    );
  });

  it('a field that the API server would refuse is named', () => {
    const wrong = defineApp({
      namespace: 'shop',
      build(scope) {
        const { deployment } = new Worker(scope, 'w', { name: 'queue', image: 'queue:1' });
        patchJson(deployment, { op: 'add', path: '/spec/replica', value: 2 });
      },
    });
    expect(() => synthApp('shop', wrong)).toThrow(/Deployment queue, .*replica/);
  });

  it('mistakes, and what another application would have to hold, are warnings', () => {
    const referring = defineApp({
      namespace: 'shop',
      build(scope) {
        new Service(scope, 's', { name: 'nobody', port: 80 });
        new Worker(scope, 'w', { name: 'queue', image: 'queue:1', environment: [fromSecret('of-another')] });
      },
    });
    expect(synthApp('shop', referring).warnings).toEqual([
      expect.stringContaining('Secret shop/of-another is in no application'),
      expect.stringContaining('Service shop/nobody spec.selector'),
    ]);
  });

  it('a missing setting, a missing object and an object twice are named', () => {
    expect(() => synthApp('shop', app)).toThrow('domain');
    expect(() => synthApp('shop', app, { domain: 'a.b' }).find('Service', 'shop')).toThrow('Service shop');
    const twice = defineApp({
      namespace: 'shop',
      build: (scope) => ['a', 'b'].forEach((id) => new ConfigMap(scope, id, { name: 'same' })),
    });
    expect(() => synthApp('shop', twice)).toThrow('same');
  });
});
