import { describe, expect, it } from 'vitest';
import { failuresIn } from '../../../src/sandbox/provider/check.js';
import { propagationOf } from '../../../src/sandbox/provider/delete.js';
import { diffResource } from '../../../src/sandbox/provider/diff.js';
import type { JsonObject } from '../../../src/sandbox/provider/json.js';
import { Session } from '../../../src/sandbox/provider/session.js';
import { setAt } from '../../../src/sandbox/provider/update.js';

const KIND = { group: '', version: 'v1', kind: 'ConfigMap' };

/** A session that fails with a ConfigError as soon as it needs a cluster. */
const offline = (): Session =>
  new Session(
    { kubeconfig: '/nowhere', mutable: { configMaps: true, secrets: true }, upsert: false, force: false },
    { env: {}, patience: { kindMs: 0, namespaceMs: 0 }, client: {} },
  );

const configMap = (data: JsonObject, more: JsonObject = {}): JsonObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'a', namespace: 'n', ...more },
  data,
});

const diff = (
  old: JsonObject,
  live: JsonObject,
  next: JsonObject,
  ignoreChanges: string[] = [],
): ReturnType<typeof diffResource> =>
  diffResource(offline(), {
    urn: 'urn',
    type: 'kubernetes:core/v1:ConfigMap',
    id: 'n/a',
    oldInputs: old,
    oldOutputs: { ...live, __inputs: old },
    inputs: next,
    ignoreChanges,
  });

describe('sandbox/provider/diff', () => {
  it('equal inputs ask nothing of the cluster', async () => {
    const inputs = configMap({ a: '1' });
    const live = configMap({ a: '1' }, { uid: 'u', resourceVersion: '7', labels: { added: 'later' } });

    expect(await diff(inputs, live, inputs)).toEqual({ changes: [], deleteBeforeReplace: false });
  });

  it('drift in the state is a change although the inputs are equal', async () => {
    const inputs = configMap({ a: '1' });

    expect((await diff(inputs, configMap({ a: '2' }), inputs)).changes).toEqual([
      { path: 'data.a', kind: 'update', replace: false },
    ]);
  });

  it('an ignored path is no change', async () => {
    expect(
      (await diff(configMap({ a: '1' }), configMap({ a: '2' }), configMap({ a: '1' }), ['data.a'])).changes,
    ).toEqual([]);
  });

  it('another name replaces the object, and the old one may stay until then', async () => {
    const inputs = configMap({});

    expect(await diff(inputs, inputs, configMap({}, { name: 'b' }))).toEqual({
      changes: [{ path: 'metadata.name', kind: 'update', replace: true }],
      deleteBeforeReplace: false,
    });
  });

  it('a replacement under the same name needs the old object gone', async () => {
    const inputs = { ...configMap({ a: '1' }), immutable: true };

    expect(await diff(inputs, inputs, { ...inputs, data: { a: '2' } })).toEqual({
      changes: [{ path: 'data.a', kind: 'update', replace: true }],
      deleteBeforeReplace: true,
    });
  });
});

describe('sandbox/provider/check', () => {
  it.each<[JsonObject, string[]]>([
    [{ metadata: { name: 'a', labels: { a: 'b' } } }, []],
    [{ metadata: { name: 1 } }, ['metadata.name']],
    [{ metadata: { labels: { 'a.b/c': true } } }, ['metadata.labels["a.b/c"]']],
    [{ metadata: [] }, ['metadata']],
    [{ kind: 'Secret' }, ['kind']],
  ])('%j has the failures %j', (inputs, expected) => {
    expect(failuresIn(inputs, KIND).map(({ property }) => property)).toEqual(expected);
  });
});

describe('sandbox/provider/delete', () => {
  it.each<[string, string, string | undefined, string]>([
    ['what owns nothing', 'ConfigMap', undefined, 'Background'],
    ['what owns pods', 'Deployment', undefined, 'Foreground'],
    ['an annotation', 'Deployment', 'orphan', 'Orphan'],
  ])('%s decides the propagation', (_what, kind, policy, expected) => {
    const annotations: JsonObject = policy === undefined ? {} : { 'pulumi.com/deletionPropagationPolicy': policy };

    expect(propagationOf({ ...KIND, kind }, { metadata: { annotations } })).toBe(expected);
  });
});

describe('sandbox/provider/update', () => {
  it.each<[string, JsonObject, (string | number)[], JsonObject]>([
    ['a field', { spec: { replicas: 1 } }, ['spec', 'replicas'], { spec: { replicas: 5 } }],
    ['an element', { list: [{ a: 1 }, { a: 2 }] }, ['list', 1, 'a'], { list: [{ a: 1 }, { a: 5 }] }],
    ['nothing at a path that leads nowhere', { a: 1 }, ['b', 'c'], { a: 1 }],
  ])('an ignored path gets the live value: %s', (_what, object, path, expected) => {
    expect(setAt(object, path, 5)).toEqual(expected);
  });

  it('an ignored path without a live value is left out', () => {
    expect(setAt({ a: { b: 1, c: 2 } }, ['a', 'b'], undefined)).toEqual({ a: { c: 2 } });
  });
});
