import { describe, expect, it } from 'vitest';
import type { Manifest } from '../../../src/app/manifest.js';
import { expandApplicationSet } from '../../../src/migration/argocd/application-set.js';
import { imageOverride } from '../../../src/migration/argocd/application-sources.js';
import { syncOf } from '../../../src/migration/argocd/sync-policy.js';

const expand = (spec: object): Manifest[] =>
  expandApplicationSet(
    {
      manifest: { apiVersion: 'argoproj.io/v1alpha1', kind: 'ApplicationSet', metadata: { name: 'set' }, spec },
      origin: { file: 'set.yaml', document: 1, line: 1 },
      notes: [],
    },
    () => ['apps', 'apps/one', 'apps/one/deep', 'apps/two', 'other'],
  ).map(({ manifest }) => manifest);

describe('migration/argocd/sync-policy', () => {
  const create = { syncOptions: ['CreateNamespace=true'] };
  it.each([
    ['nothing', {}, { automated: false, selfHeal: false, createNamespace: false }],
    ['a manual sync', create, 'manual'],
    ['everything automated', { automated: { prune: true, selfHeal: true }, ...create }, 'auto'],
    ['neither pruning nor healing', { automated: {}, ...create }, { prune: false, selfHeal: false }],
    ['namespaces made by hand', { automated: { prune: true, selfHeal: true } }, { createNamespace: false }],
    ['automation that is switched off', { automated: { enabled: false, prune: true }, ...create }, 'manual'],
  ])('%s', (_what, syncPolicy, expected) => {
    expect(syncOf({ syncPolicy })).toEqual(expected);
  });
});

describe('migration/argocd/application-set', () => {
  it('fills templates of both kinds from a list', () => {
    const list = { elements: [{ name: 'a', port: 80 }] };
    for (const [name, port] of [
      ['{{name}}', '{{port}}'],
      ['{{ .name }}', '{{.port}}'],
    ] as const) {
      const [application] = expand({ generators: [{ list }], template: { metadata: { name }, spec: { port } } });
      expect(application).toMatchObject({ kind: 'Application', metadata: { name: 'a' }, spec: { port: '80' } });
    }
  });

  it('makes one for each directory that fits, and a star stays in its folder', () => {
    const directories = [{ path: 'apps/*' }, { path: 'apps/two', exclude: true }];
    const template = { metadata: { name: '{{path.basename}}' }, spec: { path: '{{path}}' } };
    expect(expand({ generators: [{ git: { directories } }], template })).toEqual([
      {
        apiVersion: 'argoproj.io/v1alpha1',
        kind: 'Application',
        metadata: { name: 'one' },
        spec: { path: 'apps/one' },
      },
    ]);
  });

  it('leaves templates alone that do more than name a value', () => {
    const list = { elements: [{ name: 'a' }] };
    const [application] = expand({
      generators: [{ list }],
      template: { metadata: { name: 'x' }, spec: { v: '{{ .name | upper }}' } },
    });
    expect(application?.spec).toEqual({ v: '{{ .name | upper }}' });
  });

  it.each([
    [
      { generators: [{ clusters: {} }], template: { metadata: { name: 'x' }, spec: {} } },
      'neither a list nor git directories',
    ],
    [{ generators: 'x' }, 'spec.generators is not as expected'],
  ])('refuses %j', (spec, message) => {
    expect(() => expand(spec)).toThrow(message);
  });
});

describe('migration/argocd/read-applications', () => {
  it.each([
    ['r.io/web:v2', { name: 'r.io/web', newName: 'r.io/web', newTag: 'v2' }],
    ['web=r.io:5000/web', { name: 'web', newName: 'r.io:5000/web' }],
    ['web=r.io/web:v2@sha256:a', { name: 'web', newName: 'r.io/web', newTag: 'v2', digest: 'sha256:a' }],
  ])('reads the image override %s', (text, expected) => {
    expect(imageOverride(text)).toEqual(expected);
  });
});
