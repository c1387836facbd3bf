import { describe, expect, it } from 'vitest';
import { appOfUrn, appUrn, namespaceUrn, objectUrn, providerUrn, tokenOf } from '../../src/app/resource-name.js';

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
});
