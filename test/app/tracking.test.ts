import { describe, expect, it } from 'vitest';
import { APP_LABEL, isKept, track } from '../../src/app/tracking.js';
import { manifestOf } from './json-value.js';

describe('app/tracking', () => {
  describe('track', () => {
    it('the object gets the application’s label and what the provider must know, beside its own', () => {
      const metadata = {
        name: 'x',
        namespace: 'prodesk',
        labels: { app: 'x' },
        annotations: { note: 'y' },
        generation: 1,
      };

      expect(track(manifestOf('Service', { metadata, spec: { a: 1 } }), 'naver-news')).toEqual({
        apiVersion: 'v1',
        kind: 'Service',
        metadata: {
          ...metadata,
          labels: { app: 'x', 'prodesk.dev/app': 'naver-news' },
          annotations: {
            note: 'y',
            'pulumi.com/skipAwait': 'true',
            'pulumi.com/patchForce': 'true',
            'pulumi.com/patchFieldManager': 'prodesk',
          },
        },
        spec: { a: 1 },
      });
    });

    it('labels of a pod template, which select pods, stay as they are', () => {
      const spec = { selector: { matchLabels: { app: 'x' } }, template: { metadata: { labels: { app: 'x' } } } };

      expect(track(manifestOf('Deployment', { spec }), 'x').spec).toEqual(spec);
    });

    it('doing it again changes nothing, and the last application wins', () => {
      const once = track(manifestOf('Service'), 'one');

      expect(track(once, 'one')).toEqual(once);
      expect(track(once, 'two').metadata.labels).toEqual({ [APP_LABEL]: 'two' });
    });
  });

  it.each<[string, string, Record<string, string>, boolean]>([
    ['a Deployment', 'Deployment', {}, false],
    ['a PersistentVolumeClaim', 'PersistentVolumeClaim', {}, true],
    ['a PersistentVolume', 'PersistentVolume', {}, true],
    ['a Namespace', 'Namespace', {}, true],
    ['a CustomResourceDefinition', 'CustomResourceDefinition', {}, true],
    ['a Deployment that says so', 'Deployment', { 'prodesk.dev/prune': 'false' }, true],
    ['a claim that may go', 'PersistentVolumeClaim', { 'prodesk.dev/prune': 'true' }, false],
    ['an object with Argo’s option', 'ConfigMap', { 'argocd.argoproj.io/sync-options': 'Prune=false' }, true],
    [
      'one with it among others',
      'ConfigMap',
      { 'argocd.argoproj.io/sync-options': 'Validate=false, Prune=false' },
      true,
    ],
    ['one with other options', 'ConfigMap', { 'argocd.argoproj.io/sync-options': 'Prune=true,Prune=falsey' }, false],
    [
      'one where ours says otherwise',
      'ConfigMap',
      { 'prodesk.dev/prune': 'true', 'argocd.argoproj.io/sync-options': 'Prune=false' },
      false,
    ],
  ])('isKept: %s', (_what, kind, annotations, kept) => {
    expect(isKept(manifestOf(kind, { metadata: { name: 'x', annotations } }))).toBe(kept);
  });

  it('isKept: an object without annotations goes by its kind', () => {
    expect(isKept(manifestOf('Service', { metadata: { name: 'x' } }))).toBe(false);
  });
});
