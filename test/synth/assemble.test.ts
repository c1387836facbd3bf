import { describe, expect, it } from 'vitest';
import { alphabetical, digest, newestBuild, semver } from '../../src/app/image-policy.js';
import { assembleState } from '../../src/synth/assemble.js';
import { desiredStateSchema, type ChildMessage } from '../../src/synth/schema.js';

const ORIGIN = { revision: 'c0ffee', directory: '/checkout' };
const NOTHING_REFUSED = { apps: [], refused: {} };
const object = (kind: string, name: string, more: object = {}) => ({
  apiVersion: 'v1',
  kind,
  metadata: { name, ...more },
});
const built = (app: string, ...objects: object[]): ChildMessage => ({
  type: 'built',
  app,
  namespace: 'home',
  objects,
});
const assemble = (...messages: ChildMessage[]) => assembleState(messages, NOTHING_REFUSED, ORIGIN);

describe('synth/assemble', () => {
  it('policies are complete, and the revision is noted', () => {
    expect(assemble({ ...built('a', object('Service', 's')), sync: { prune: false } } as ChildMessage)).toEqual({
      revision: 'c0ffee',
      apps: {
        a: {
          name: 'a',
          namespace: 'home',
          sync: { automated: true, prune: false, selfHeal: true, createNamespace: true },
          images: [],
          objects: [object('Service', 's', { namespace: 'home' })],
        },
      },
      disabled: [],
      failed: {},
    });
  });

  it('sync windows become part of the policy, and dependencies are kept', () => {
    const windows = [{ kind: 'allow', schedule: '0 22 * * *', duration: '2h', timeZone: 'Asia/Seoul' }];
    const web = { ...built('web', object('Service', 's')), syncWindows: windows, dependsOn: ['db'] } as ChildMessage;
    const { apps, failed } = assemble(web, built('db', object('Service', 't')));
    expect(failed).toEqual({});
    expect(apps['web']?.dependsOn).toEqual(['db']);
    expect(apps['web']?.sync.windows).toEqual([
      { kind: 'allow', schedule: '0 22 * * *', durationMs: 7_200_000, timeZone: 'Asia/Seoul', manual: true },
    ]);
    expect(desiredStateSchema.shape.apps.parse(apps)).toEqual(apps);
  });

  it('a sync window that cannot be, and a dependency on nothing, fail that application alone', () => {
    const windows = [{ kind: 'allow', schedule: 'at night', duration: '2h' }];
    const bad = { ...built('bad', object('Service', 's')), syncWindows: windows } as ChildMessage;
    const lost = { ...built('lost', object('Service', 't')), dependsOn: ['nobody'] } as ChildMessage;
    const { apps, failed } = assemble(bad, lost, built('good', object('Service', 'u')));
    expect(Object.keys(apps)).toEqual(['good']);
    expect(failed['bad']?.message).toContain('schedule "at night" does not have five fields');
    expect(failed['lost']?.message).toContain('"nobody", which is no application');
  });

  it.each([
    ['a namespaced kind gets the application namespace', object('Service', 's'), 'home'],
    ['a namespace that is written stays', object('Service', 's', { namespace: 'other' }), 'other'],
    ['a PersistentVolume gets none', object('PersistentVolume', 'v'), undefined],
    ['a Namespace loses one', object('Namespace', 'n', { namespace: 'home' }), undefined],
    [
      'a ClusterRole gets none',
      { ...object('ClusterRole', 'r'), apiVersion: 'rbac.authorization.k8s.io/v1' },
      undefined,
    ],
    ['an unknown kind gets one', { ...object('Thing', 't'), apiVersion: 'example.com/v1' }, 'home'],
  ])('%s', (_rule, written, namespace) => {
    expect(assemble(built('a', written)).apps.a?.objects[0]?.metadata.namespace).toBe(namespace);
  });

  it('a kind whose definition says Cluster gets no namespace, in every application', () => {
    const definition = {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'things.example.com' },
      spec: { group: 'example.com', scope: 'Cluster', names: { kind: 'Thing' } },
    };
    const thing = { ...object('Thing', 't'), apiVersion: 'example.com/v1' };
    const { apps } = assemble(built('a', thing), built('b', definition));
    expect(apps.a?.objects[0]?.metadata.namespace).toBeUndefined();
  });

  it('what an application says to the checks is kept', () => {
    const said = {
      outside: [{ kind: 'Secret', name: 'by-hand', keys: ['K'] }],
      ignoreChecks: { 'floating-tag': 'there is no other' },
    };
    expect(assemble({ ...built('a'), ...said }).apps.a).toMatchObject(said);
  });

  it('each kind of image policy arrives as it was written', () => {
    const images = [
      newestBuild('a', { allow: '^master-', ignore: ['-rc$'], platform: ['linux/amd64', 'linux/arm64'] }),
      semver('b', { range: '^1.4', preReleases: true, extract: '^v(.*)$' }),
      alphabetical('c', { order: 'descending', extract: '(\\d+)$' }),
      digest('d', { tag: 'stable', mayGoBack: true, pullSecret: 'ghcr-pull' }),
      newestBuild('e', { pullSecret: { name: 'ghcr-pull', namespace: 'shared' } }),
      newestBuild('f', { pullSecret: { config: 'PULL' }, verify: { cosignKey: 'cosign' } }),
    ];
    const { apps } = assemble({ ...built('a'), images } as ChildMessage);
    expect(apps.a?.images).toEqual(images);
  });

  it('a switched-off application is named and has no objects', () => {
    expect(assemble({ ...built('a'), enabled: false } as ChildMessage)).toMatchObject({ apps: {}, disabled: ['a'] });
  });

  it.each<[string, object, string]>([
    ['a namespace with capitals', { namespace: 'Home' }, 'namespace: namespace is not a DNS label'],
    ['an unknown sync word', { sync: 'often' }, 'sync: '],
    [
      'a filter that is no pattern',
      { images: [{ image: 'x', strategy: 'newest-build', allow: '(', platform: 'linux/amd64' }] },
      'images.0.allow: "(" cannot be used as a regular expression: missing closing ): `(`',
    ],
    [
      'a range of versions that is none',
      { images: [{ ...semver('x'), range: 'newest' }] },
      'images.0.range: not a range of versions',
    ],
    ['a tag that is none', { images: [{ ...digest('x', { tag: 'a' }), tag: 'a:b' }] }, 'images.0.tag: not a tag'],
    ['no platform', { images: [{ ...newestBuild('x'), platform: [] }] }, 'images.0.platform: '],
    ['a pull secret with a path', { images: [newestBuild('x', { pullSecret: '../x' })] }, 'images.0.pullSecret: '],
    [
      'a key that is none',
      { images: [{ ...newestBuild('x'), verify: { cosignKey: 'a b' } }] },
      'images.0.verify.cosignKey: neither a public key nor a setting',
    ],
    ['two policies of one image', { images: [newestBuild('x'), semver('x')] }, 'images: x has more than one policy'],
    [
      'an object without a name',
      { objects: [{ apiVersion: 'v1', kind: 'Service', metadata: {} }] },
      'objects.0.metadata.name (Service "undefined")',
    ],
    ['a kind that cannot be outside', { outside: [{ kind: 'Deployment', name: 'x' }] }, 'outside.0.kind'],
    [
      'a rule that is ignored without a reason',
      { ignoreChecks: { 'floating-tag': ' ' } },
      'ignoreChecks.floating-tag: has no reason',
    ],
    ['an object without a kind', { objects: [{ apiVersion: 'v1', metadata: { name: 'x' } }] }, 'objects.0.kind'],
    [
      'a label that is a number',
      { objects: [object('Service', 's', { labels: { a: 1 } })] },
      'objects.0.metadata.labels.a (Service "s")',
    ],
  ])('%s fails the application alone', (_what, part, message) => {
    const { apps, failed } = assemble({ ...built('a'), ...part }, built('b'));
    expect(Object.keys(apps)).toEqual(['b']);
    expect(failed.a?.message).toContain(message);
    expect(failed.a?.location).toBe('apps/a/app.ts');
  });

  it('a thrown error has its place, relative paths, and no credentials', () => {
    const { failed } = assemble({
      type: 'failed',
      app: 'a',
      message: 'cannot read /checkout/apps/a/x.json with token=abcdef123',
      stack:
        'Error\n    at check (/checkout/src/constructs/port.ts:3:9)\n    at build (file:///checkout/apps/a/app.ts:12:5)',
    });
    expect(failed.a).toEqual({
      message: 'cannot read apps/a/x.json with token=<redacted>',
      location: 'apps/a/app.ts:12',
    });
  });

  it('refused folders are failures', () => {
    const refused = { 'Bad Name': { message: 'no' } };
    expect(assembleState([], { apps: [], refused }, ORIGIN).failed).toEqual(refused);
  });
});
