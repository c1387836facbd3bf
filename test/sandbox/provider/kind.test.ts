import { describe, expect, it } from 'vitest';
import { idOf, kindOf, parseId, parseTypeToken } from '../../../src/sandbox/provider/kind.js';

describe('sandbox/provider/kind', () => {
  it.each([
    ['kubernetes:core/v1:Secret', { group: '', version: 'v1', kind: 'Secret' }],
    ['kubernetes:apps/v1:Deployment', { group: 'apps', version: 'v1', kind: 'Deployment' }],
    ['kubernetes:traefik.io/v1alpha1:IngressRoute', { group: 'traefik.io', version: 'v1alpha1', kind: 'IngressRoute' }],
    ['kubernetes:example.com/v1:IpAllowList', { group: 'example.com', version: 'v1', kind: 'IpAllowList' }],
  ])('reads %s', (token, expected) => {
    expect(parseTypeToken(token)).toEqual(expected);
  });

  it.each([
    'kubernetes:helm.sh/v3:Release',
    'kubernetes:kustomize/v2:Directory',
    'kubernetes:core/v1:ConfigMapList',
    'kubernetes:apps/v1:DeploymentPatch',
    'kubernetes:yaml:ConfigFile',
  ])('%s needs the official plugin', (token) => {
    expect(() => parseTypeToken(token)).toThrow(/needs the official Kubernetes plugin/);
  });

  it('the object says its version, the token says it where the object does not', () => {
    const token = 'kubernetes:apps/v1beta1:Deployment';

    expect(kindOf({ apiVersion: 'apps/v1', kind: 'Deployment' }, token).version).toBe('v1');
    expect(kindOf({}, token).version).toBe('v1beta1');
  });

  it.each([{ name: 'a' }, { namespace: 'n', name: 'a' }])('an identifier holds %j', (name) => {
    expect(parseId(idOf(name))).toEqual(name);
  });
});
