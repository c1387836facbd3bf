import { ApiObject } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import { type AppContext, defineApp } from '../../src/app/index.js';
import { appOf, buildApp } from '../../src/synth/child/build-app.js';
import type { MissingConfig } from '../../src/synth/child/app-context.js';

function build(use: (context: AppContext) => string, settings: Record<string, string> = {}) {
  const missing: MissingConfig[] = [];
  let value = '';
  const app = defineApp({
    namespace: 'home',
    build: (_scope, context) => {
      value = use(context);
    },
  });
  buildApp('shop', app, { settings, secretKeys: ['shop.TOKEN'] }, (one) => missing.push(one));
  return { value, missing };
}

describe('synth/child/build-app', () => {
  it('objects keep their names and get no namespace yet', () => {
    const app = defineApp({
      namespace: 'home',
      build: (scope) =>
        void new ApiObject(scope, 'x', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' } }),
    });
    expect(buildApp('shop', app, { settings: {}, secretKeys: [] }, () => undefined)).toEqual({
      namespace: 'home',
      objects: [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' } }],
    });
  });

  it('a switched-off application is not built', () => {
    const app = defineApp({
      namespace: 'home',
      enabled: false,
      build: () => {
        throw new Error('built');
      },
    });
    expect(buildApp('shop', app, { settings: {}, secretKeys: [] }, () => undefined).objects).toEqual([]);
  });

  describe('an application that asks for restarts', () => {
    const metadata = { name: 'x' };
    const app = defineApp({
      namespace: 'home',
      restartOnChange: true,
      build: (scope, context) => {
        const secret = { apiVersion: 'v1', kind: 'Secret', metadata };
        new ApiObject(scope, 's', { ...secret, stringData: { TOKEN: context.secret('TOKEN') } });
        const containers = [{ name: 'x', envFrom: [{ secretRef: { name: 'x' } }] }];
        new ApiObject(scope, 'd', {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          metadata,
          spec: { template: { spec: { containers } } },
        });
      },
    });

    it.each([
      ['has a stand-in for a hash, and needs a key', ['shop.TOKEN'], [{ kind: 'secret', key: 'restartKey' }]],
      ['is content with a key that is set', ['shop.TOKEN', 'restartKey'], []],
    ])('%s', (_what, secretKeys, expected) => {
      const missing: MissingConfig[] = [];
      const built = buildApp('shop', app, { settings: {}, secretKeys }, (one) => missing.push(one));
      expect(missing).toEqual(expected);
      expect(JSON.stringify(built)).toContain('"prodesk.dev/config-hash":"⟦config-hash:restartKey⟧"');
      expect(built).not.toHaveProperty('restartOnChange');
    });
  });

  it.each([
    ['a setting', (context: AppContext) => context.setting('a'), 'A', []],
    ['a setting before its default', (context: AppContext) => context.setting('a', 'd'), 'A', []],
    ['a default', (context: AppContext) => context.setting('b', 'd'), 'd', []],
    ['an inherited property is no setting', (context: AppContext) => context.setting('toString', 'd'), 'd', []],
    ['a secret', (context: AppContext) => context.secret('TOKEN'), '⟦secret:shop.TOKEN⟧', []],
    [
      'a missing secret',
      (context: AppContext) => context.secret('X'),
      '⟦secret:shop.X⟧',
      [{ kind: 'secret', key: 'shop.X' }],
    ],
    [
      'a missing address',
      (context: AppContext) => context.setting('nodeAddress'),
      '192.0.2.1',
      [{ kind: 'setting', key: 'nodeAddress' }],
    ],
    [
      'a missing e-mail',
      (context: AppContext) => context.setting('acmeEmail'),
      'missing@example.invalid',
      [{ kind: 'setting', key: 'acmeEmail' }],
    ],
  ] as const)('%s', (_what, use, value, missing) => {
    expect(build(use, { a: 'A' })).toEqual({ value, missing });
  });

  it.each([
    [
      'a value',
      (context: AppContext) => context.sops('db.sops.yaml')('PASSWORD'),
      '⟦secret:sops:shop/db.sops.yaml#PASSWORD⟧',
    ],
    ['a file', (context: AppContext) => context.sopsFile('redis.sops.conf'), '⟦secret:sops:shop/redis.sops.conf⟧'],
  ])('%s that SOPS encrypted is a stand-in, and needs no stack configuration', (_what, use, value) => {
    expect(build(use)).toEqual({ value, missing: [] });
  });

  it('a key that cannot be a marker is refused', () => {
    expect(() => build((context) => context.secret('A B'))).toThrow('"A B"');
  });

  it.each([[{}], [{ app: null }], [{ app: { build: 1 } }], [null]])('%j is not an application', (module) => {
    expect(() => appOf(module)).toThrow('export const app = defineApp');
  });
});
