import { describe, expect, it } from 'vitest';
import { differingPointers, pointerOf, pointersOfCauses, withoutIgnored } from '../../src/cluster/compare.js';

const object = (fields: object, metadata: object = {}) => ({ metadata: { name: 'x', ...metadata }, ...fields });

describe('cluster/compare', () => {
  it.each<[rule: string, live: object, applied: object, pointers: string[]]>([
    ['equal objects do not differ', { spec: { a: [1, { b: null }] } }, { spec: { a: [1, { b: null }] } }, []],
    ['a changed value', { spec: { a: 1 } }, { spec: { a: 2 } }, ['/spec/a']],
    ['a missing field', { spec: {} }, { spec: { a: { b: 1 } } }, ['/spec/a']],
    ['an extra field', { spec: { a: null } }, { spec: {} }, ['/spec/a']],
    [
      'an item of a list',
      { spec: { a: [{ b: 1 }, { b: 2 }] } },
      { spec: { a: [{ b: 1 }, { b: 3 }] } },
      ['/spec/a/1/b'],
    ],
    ['lists of different length', { spec: { a: [1] } }, { spec: { a: [1, 2] } }, ['/spec/a']],
    ['a list and a map', { spec: { a: [] } }, { spec: { a: {} } }, ['/spec/a']],
    ['a number and its text', { spec: { a: 1 } }, { spec: { a: '1' } }, ['/spec/a']],
    ['keys are escaped', { data: { 'a/b~c': '1' } }, { data: {} }, ['/data/a~1b~0c']],
    ['status is left out', { status: { a: 1 } }, { status: { a: 2 } }, []],
    ['kind and version are left out', { kind: 'X', apiVersion: 'v1' }, {}, []],
  ])('%s', (_rule, live, applied, pointers) => {
    expect(differingPointers(object(live), object(applied), 'Thing')).toEqual(pointers);
  });

  it.each<[rule: string, live: object, applied: object, ignored: string, pointers: string[]]>([
    ['a value', { spec: { a: 1, b: 1 } }, { spec: { a: 2, b: 2 } }, '/spec/a', ['/spec/b']],
    ['what is below it', { spec: { a: { x: 1 } } }, { spec: { a: { x: 2, y: 3 } } }, '/spec/a', []],
    ['one that the live object lacks', { spec: {} }, { spec: { a: 1 } }, '/spec/a', []],
    ['one that ours lacks', { spec: { a: 1 } }, { spec: {} }, '/spec/a', []],
    ['one in an item of a list', { a: [{ b: 1 }, { b: 2 }] }, { a: [{ b: 9 }, { b: 9 }] }, '/a/1/b', ['/a/0/b']],
    ['one in an item that the live object lacks', { a: [] }, { a: [{ b: 9 }] }, '/a/0/b', ['/a']],
    ['a path that leads nowhere', { a: 1 }, { a: 2 }, '/x/y/z', ['/a']],
    ['a name with a slash', { a: { 'x/y': 1 } }, { a: { 'x/y': 2 } }, '/a/x~1y', []],
  ])('ignores %s', (_rule, live, applied, ignored, pointers) => {
    const ours = withoutIgnored(object(applied), object(live), [ignored]);
    expect(differingPointers(object(live), ours, 'Thing')).toEqual(pointers);
  });

  it('metadata of the server is left out, labels and annotations are not', () => {
    const live = object(
      {},
      {
        uid: '1',
        resourceVersion: '2',
        generation: 3,
        creationTimestamp: 'x',
        managedFields: [{}],
        labels: { a: 'b' },
      },
    );
    expect(differingPointers(live, object({}, { annotations: { c: 'd' } }), 'Thing')).toEqual([
      '/metadata/labels',
      '/metadata/annotations',
    ]);
  });

  it('the template counter of a DaemonSet is left out', () => {
    const key = 'deprecated.daemonset.template.generation';
    const [live, applied] = ['1', '2'].map((count) => object({}, { annotations: { [key]: count } }));
    expect(differingPointers(live ?? object({}), applied ?? object({}), 'DaemonSet')).toEqual([]);
  });

  it('of a Secret no more than the key is told, once', () => {
    const live = object({ data: { K: { a: 1, b: 2 } } });
    expect(differingPointers(live, object({ data: { K: { a: 2, b: 3 } } }), 'Secret')).toEqual(['/data/K']);
  });

  it.each([
    ['spec.selector', '/spec/selector'],
    ['.spec.replicas', '/spec/replicas'],
    ['spec.template.spec.containers[0].env[1].name', '/spec/template/spec/containers/0/env/1/name'],
    ['data[redis.conf]', '/data/redis.conf'],
    ['metadata.annotations[a/b]', '/metadata/annotations/a~1b'],
  ])('the field %s is the pointer %s', (field, pointer) => {
    expect(pointerOf(field)).toBe(pointer);
  });

  it('causes without fields stand for the whole object', () => {
    expect(pointersOfCauses([{ field: '', reason: 'x' }])).toEqual(['/']);
    expect(
      pointersOfCauses([
        { field: 'a', reason: 'x' },
        { field: 'a', reason: 'y' },
      ]),
    ).toEqual(['/a']);
  });
});
