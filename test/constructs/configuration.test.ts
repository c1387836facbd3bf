import { describe, expect, it } from 'vitest';
import { ConfigMap, PullSecret, Secret } from '../../src/constructs/index.js';
import { building, synthesize } from './synthesize.js';

describe('constructs/config-map', () => {
  it('values and files become data', () => {
    const files = { 'synthesize.ts': new URL('./synthesize.ts', import.meta.url) };
    const [configMap] = synthesize((scope) => new ConfigMap(scope, 'c', { name: 'c', data: { A: '' }, files }));
    expect(configMap).toMatchObject({ kind: 'ConfigMap', metadata: { name: 'c' }, data: { A: '' } });
    expect((configMap?.data as Record<string, string>)['synthesize.ts']).toContain('export function synthesize');
  });

  it('a key that is a value and a file is refused', () => {
    const files = { a: new URL('./synthesize.ts', import.meta.url) };
    expect(building((scope) => new ConfigMap(scope, 'c', { name: 'c', data: { a: '1' }, files }))).toThrow('"a"');
  });

  it('a key that the API would refuse is refused', () => {
    expect(building((scope) => new ConfigMap(scope, 'c', { name: 'c', data: { 'a/b': '1' } }))).toThrow('"a/b"');
  });
});

describe('constructs/secret', () => {
  it('values stay text until deployment', () => {
    expect(synthesize((scope) => new Secret(scope, 's', { name: 's', values: { K: '⟦secret:a.K⟧' } }))).toEqual([
      { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, type: 'Opaque', stringData: { K: '⟦secret:a.K⟧' } },
    ]);
  });
});

describe('constructs/pull-secret', () => {
  it('is a docker configuration for ghcr.io', () => {
    const [secret] = synthesize((scope) => new PullSecret(scope, 's', { username: 'u', password: '⟦secret:a.P⟧' }));
    expect(secret).toMatchObject({ metadata: { name: 'ghcr-pull' }, type: 'kubernetes.io/dockerconfigjson' });
    const { stringData } = secret as unknown as { stringData: Record<string, string> };
    expect(JSON.parse(stringData['.dockerconfigjson'] ?? '')).toEqual({
      auths: { 'ghcr.io': { username: 'u', password: '⟦secret:a.P⟧' } },
    });
  });
});
