import { describe, expect, it } from 'vitest';
import type { KubeObject, ManagedFieldsEntry } from '../../src/cluster/kube-object.js';
import { fieldSetHash, findApplyEntry, findWriter, ownedHash } from '../../src/cluster/managed-fields.js';

const ours: ManagedFieldsEntry = {
  manager: 'prodesk',
  operation: 'Apply',
  apiVersion: 'apps/v1',
  time: '2026-05-27T00:00:00Z',
  fieldsV1: {
    'f:metadata': { 'f:labels': { 'f:app.kubernetes.io/name': {} } },
    'f:spec': {
      'f:finalizers': { 'v:"keep"': {} },
      'f:template': {
        'f:spec': {
          'f:containers': {
            'k:{"name":"news"}': {
              '.': {},
              'f:name': {},
              'f:image': {},
              'f:args': {},
              'f:env': { 'k:{"name":"TZ"}': { '.': {}, 'f:name': {}, 'f:value': {} } },
            },
          },
        },
      },
    },
  },
};

function deployment(
  change: (object: { spec: ReturnType<typeof spec>; labels: Record<string, string> }) => void = () => undefined,
): KubeObject {
  const object = { spec: spec(), labels: { 'app.kubernetes.io/name': 'news' } as Record<string, string> };
  change(object);
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'news', labels: object.labels, managedFields: [ours] },
    spec: object.spec,
  };
}

function spec() {
  return {
    replicas: 1,
    finalizers: ['keep'],
    template: {
      spec: {
        containers: [
          { name: 'sidecar', image: 'proxy', args: [] as string[], env: [] as { name: string; value: string }[] },
          { name: 'news', image: 'news:1', args: ['--a', '--b'], env: [{ name: 'TZ', value: 'Asia/Seoul' }] },
        ],
      },
    },
  };
}

describe('cluster/managed-fields', () => {
  const hash = ownedHash(deployment(), ours);

  it.each<[what: string, change: Parameters<typeof deployment>[0]]>([
    ['replicas that we do not own', ({ spec: s }) => (s.replicas = 5)],
    ['a label of somebody else', ({ labels }) => (labels['other'] = 'x')],
    ['an item of a list of somebody else', ({ spec: s }) => s.finalizers.unshift('theirs')],
    ['a container of somebody else', ({ spec: s }) => s.template.spec.containers.reverse()],
    [
      'a variable of somebody else',
      ({ spec: s }) => s.template.spec.containers[1]?.env.unshift({ name: 'A', value: 'b' }),
    ],
  ])('%s leaves the hash', (_what, change) => {
    expect(ownedHash(deployment(change), ours)).toBe(hash);
  });

  it.each<[what: string, change: Parameters<typeof deployment>[0]]>([
    ['another image', ({ spec: s }) => s.template.spec.containers.forEach((container) => (container.image = 'other'))],
    [
      'another value of a variable',
      ({ spec: s }) => s.template.spec.containers[1]?.env.splice(0, 1, { name: 'TZ', value: 'UTC' }),
    ],
    ['another order of arguments', ({ spec: s }) => s.template.spec.containers[1]?.args.reverse()],
    ['another label value', ({ labels }) => (labels['app.kubernetes.io/name'] = 'x')],
    ['a missing item', ({ spec: s }) => s.finalizers.pop()],
    ['a missing container', ({ spec: s }) => s.template.spec.containers.pop()],
  ])('%s changes the hash', (_what, change) => {
    expect(ownedHash(deployment(change), ours)).not.toBe(hash);
  });

  it('a field that was taken from the entry changes both hashes', () => {
    const less: ManagedFieldsEntry = { ...ours, fieldsV1: { 'f:metadata': ours.fieldsV1?.['f:metadata'] } };
    expect(ownedHash(deployment(), less)).not.toBe(hash);
    expect(fieldSetHash(less)).not.toBe(fieldSetHash(ours));
  });

  it.each<[what: string, entries: ManagedFieldsEntry[], isFound: boolean]>([
    ['our apply', [ours], true],
    ['our update', [{ ...ours, operation: 'Update' }], false],
    ['the apply of somebody else', [{ ...ours, manager: 'x' }], false],
    ['our apply of a subresource', [{ ...ours, subresource: 'status' }], false],
    ['our apply in another version', [{ ...ours, apiVersion: 'apps/v1beta1' }], false],
    ['our apply in two versions', [ours, { ...ours, apiVersion: 'apps/v1beta1' }], false],
    ['nothing', [], false],
  ])('%s is found as our entry: %#', (_what, managedFields, isFound) => {
    const object = { metadata: { name: 'x', managedFields } };
    expect(findApplyEntry(object, 'prodesk', 'apps/v1') !== undefined).toBe(isFound);
  });

  it.each<[pointer: string, writer: string | undefined]>([
    ['/spec/template/spec/containers/1/image', 'kubectl-set'],
    ['/spec/template/spec/containers/0/image', undefined],
    ['/metadata/labels/app.kubernetes.io~1name', 'kubectl-label'],
    ['/spec/replicas', 'kubectl-scale'],
    ['/status/replicas', undefined],
  ])('the last writer of %s is %s', (pointer, writer) => {
    const update = (manager: string, fieldsV1: object, more: object = {}): ManagedFieldsEntry => ({
      manager,
      operation: 'Update',
      fieldsV1: fieldsV1 as Record<string, unknown>,
      ...more,
    });
    const image = {
      'f:spec': { 'f:template': { 'f:spec': { 'f:containers': { 'k:{"name":"news"}': { 'f:image': {} } } } } },
    };
    const managedFields = [
      ours,
      update('kubectl-set', image, { time: '2026-05-28T00:00:00Z' }),
      update('older', image, { time: '2026-05-26T00:00:00Z' }),
      update('kubectl-label', { 'f:metadata': { 'f:labels': { 'f:app.kubernetes.io/name': {} } } }),
      update('kubectl-scale', { 'f:spec': { 'f:replicas': {} } }, { subresource: 'scale' }),
      update('controller', { 'f:status': { 'f:replicas': {} } }, { subresource: 'status' }),
    ];
    const object = deployment();
    expect(findWriter({ ...object, metadata: { ...object.metadata, managedFields } }, pointer, 'prodesk')).toBe(writer);
  });
});
