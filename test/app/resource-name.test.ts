import { describe, expect, it } from 'vitest';
import {
  appOfUrn,
  appUrn,
  namespaceUrn,
  objectUrn,
  providerUrn,
  resourceNameOf,
  tokenOf,
  refOfUrn,
} from '../../src/app/resource-name.js';

const ID = { project: 'prodesk', stack: 'prodesk' };

describe('app/resource-name', () => {
  it.each([
    ['an application’s component', appUrn(ID, 'naver-news'), 'naver-news'],
    [
      'an application’s object',
      objectUrn(ID, 'naver-news', { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'prodesk', name: 'x' }),
      'naver-news',
    ],
    [
      'a cluster-scoped object',
      objectUrn(ID, 'mysql', { apiVersion: 'v1', kind: 'PersistentVolume', name: 'x' }),
      'mysql',
    ],
    ['a shared namespace', namespaceUrn(ID, 'prodesk'), undefined],
    ['the provider', providerUrn(ID), undefined],
    ['the stack', 'urn:pulumi:prodesk::prodesk::pulumi:pulumi:Stack::prodesk-prodesk', undefined],
    ['something else', 'x', undefined],
  ])('the application of %s', (_name, urn, app) => {
    expect(appOfUrn(urn)).toBe(app);
  });

  it.each([
    ['v1', 'Secret', 'kubernetes:core/v1:Secret'],
    ['apps/v1', 'Deployment', 'kubernetes:apps/v1:Deployment'],
    ['traefik.io/v1alpha1', 'IngressRoute', 'kubernetes:traefik.io/v1alpha1:IngressRoute'],
  ])('%s %s has the token %s', (apiVersion, kind, token) => {
    expect(tokenOf({ apiVersion, kind })).toBe(token);
  });

  it('URNs are those of the engine, parent type first', () => {
    const ref = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'prodesk', name: 'naver-news' };

    expect(appUrn(ID, 'naver-news')).toBe('urn:pulumi:prodesk::prodesk::prodesk:index:Application::naver-news');
    expect(objectUrn({ project: 'p', stack: 's' }, 'naver-news', ref)).toBe(
      'urn:pulumi:s::p::prodesk:index:Application$kubernetes:apps/v1:Deployment::naver-news/Deployment/prodesk/naver-news',
    );
    expect(namespaceUrn(ID, 'monitoring')).toBe(
      'urn:pulumi:prodesk::prodesk::kubernetes:core/v1:Namespace::namespace/monitoring',
    );
  });

  it('objects that differ in application, kind, namespace or name have different names', () => {
    const ref = { apiVersion: 'v1', kind: 'Service', namespace: 'a', name: 'x' };
    const names = [
      resourceNameOf('one', ref),
      resourceNameOf('two', ref),
      resourceNameOf('one', { ...ref, kind: 'Secret' }),
      resourceNameOf('one', { ...ref, namespace: 'b' }),
      resourceNameOf('one', { ...ref, name: 'y' }),
      resourceNameOf('one', { apiVersion: 'v1', kind: 'Service', name: 'x' }),
    ];

    expect(new Set(names).size).toBe(names.length);
    expect(resourceNameOf('one', { ...ref, apiVersion: 'v2' })).toBe(names[0]);
  });

  it.each([
    { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'a', name: 'x' },
    { apiVersion: 'v1', kind: 'PersistentVolume', name: 'x' },
    { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', name: 'system:x/y' },
  ])('the URN of an object gives its reference: $kind', (ref) => {
    expect(refOfUrn(objectUrn(ID, 'one', ref))).toEqual(ref);
  });

  it.each([appUrn(ID, 'one'), namespaceUrn(ID, 'a'), 'nonsense'])('%s is of no object', (text) => {
    expect(refOfUrn(text)).toBeUndefined();
  });
});
