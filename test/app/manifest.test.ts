import { describe, expect, it } from 'vitest';
import { describeRef, groupOf, keyOf, refOf } from '../../src/app/manifest.js';

describe('app/manifest', () => {
  const deployment = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'a', namespace: 'prodesk' },
    spec: {},
  };
  const volume = { apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name: 'pv' } };

  it.each([
    [deployment, { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'prodesk', name: 'a' }],
    [volume, { apiVersion: 'v1', kind: 'PersistentVolume', name: 'pv' }],
  ])('refOf keeps what identifies $kind', (manifest, ref) => {
    expect(refOf(manifest)).toEqual(ref);
  });

  it.each([
    ['v1', ''],
    ['apps/v1', 'apps'],
    ['traefik.io/v1alpha1', 'traefik.io'],
  ])('groupOf %s is %j', (apiVersion, group) => {
    expect(groupOf(apiVersion)).toBe(group);
  });

  it.each([
    ['a namespaced object', deployment, 'apps/Deployment/prodesk/a'],
    ['its reference', refOf(deployment), 'apps/Deployment/prodesk/a'],
    ['another version of it', { ...deployment, apiVersion: 'apps/v1beta1' }, 'apps/Deployment/prodesk/a'],
    ['a cluster-scoped object', volume, 'core/PersistentVolume//pv'],
  ])('keyOf %s is right', (_what, object, key) => {
    expect(keyOf(object)).toBe(key);
  });

  it.each([
    [deployment, 'Deployment prodesk/a'],
    [volume, 'PersistentVolume pv'],
  ])('describeRef of $kind is short', (manifest, text) => {
    expect(describeRef(refOf(manifest))).toBe(text);
  });
});
