import * as k8s from '@pulumi/kubernetes';
import type { CustomResourceOptions } from '@pulumi/pulumi';
import type { PulumiFn } from '@pulumi/pulumi/automation/index.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { textAt, valueAt, type JsonObject } from '../../src/sandbox/provider/json.js';
import type { Kind } from '../../src/sandbox/provider/kind.js';
import { kubernetes, startTestBed, type TestBed } from '../sandbox/provider/test-stack.js';

const CONFIG_MAP: Kind = { group: '', version: 'v1', kind: 'ConfigMap' };

let bed: TestBed;
beforeAll(async () => {
  bed = await startTestBed();
});
afterAll(() => bed.stop());

const withProvider =
  (resources: (options: CustomResourceOptions) => void, options: k8s.ProviderArgs = {}): PulumiFn =>
  () => {
    resources({ provider: kubernetes(bed.sandbox.kubeconfig, options) });
    return Promise.resolve();
  };

/** Another client applies a ConfigMap. */
const applyByHand = async (name: string, data: Record<string, string>, more: JsonObject = {}): Promise<JsonObject> => {
  const metadata = { name, ...more };
  const answer = await bed.cluster.apply(
    await bed.cluster.resource(CONFIG_MAP),
    { namespace: 'default', name },
    { apiVersion: 'v1', kind: 'ConfigMap', metadata, data },
    { manager: 'kubectl', force: true },
  );
  return answer.ok ? (answer.body as JsonObject) : {};
};

const crd = (group: string, options: CustomResourceOptions): k8s.apiextensions.v1.CustomResourceDefinition =>
  new k8s.apiextensions.v1.CustomResourceDefinition(
    `crd-${group}`,
    {
      metadata: { name: `widgets.${group}` },
      spec: {
        group,
        scope: 'Namespaced',
        names: { kind: 'Widget', plural: 'widgets', singular: 'widget' },
        versions: [
          {
            name: 'v1',
            served: true,
            storage: true,
            schema: { openAPIV3Schema: { type: 'object', x_kubernetes_preserve_unknown_fields: true } },
          },
        ],
      },
    },
    options,
  );

const widget = (name: string, group: string, size: number, options: CustomResourceOptions): void =>
  void new k8s.apiextensions.CustomResource(
    name,
    { apiVersion: `${group}/v1`, kind: 'Widget', metadata: { name, namespace: 'default' }, spec: { size } },
    options,
  );

describe('integration/provider with custom resources', () => {
  it('a CRD and its object are created in the same update, without a dependency between them', async () => {
    const stack = await bed.newStack('crd');
    const program = (size: number): PulumiFn =>
      withProvider((options) => {
        crd('together.example.com', options);
        widget('widget', 'together.example.com', size, options);
      });

    expect(await stack.up(program(1))).toEqual({ create: 4 });
    expect(await stack.up(program(1))).toEqual({ same: 4 });
    expect(await stack.up(program(2))).toEqual({ same: 3, update: 1 });

    const live = await bed.live(
      { group: 'together.example.com', version: 'v1', kind: 'Widget' },
      { namespace: 'default', name: 'widget' },
    );
    expect(valueAt(live, ['spec', 'size'])).toBe(2);
    expect(await stack.destroy(program(2))).toEqual({ delete: 4 });
  });

  it('a missing CRD fails with the kind, the group and what to do; other objects are still created', async () => {
    const stack = await bed.newStack('missing');
    const program = withProvider((options) => {
      widget('orphan', 'missing.example.com', 1, options);
      new k8s.core.v1.ConfigMap('beside', { metadata: { name: 'beside' } }, options);
    });

    await expect(stack.up(program)).rejects.toThrow(
      /no kind Widget \(missing\.example\.com\/v1\): install its CustomResourceDefinition/,
    );
    expect(await bed.live(CONFIG_MAP, { namespace: 'default', name: 'beside' })).toBeDefined();
  });

  it('a preview does not need the CRD', async () => {
    const stack = await bed.newStack('foreseen');

    const changes = await stack.preview(withProvider((options) => widget('w', 'foreseen.example.com', 1, options)));

    expect(changes).toEqual({ create: 3 });
  });
});

describe('integration/provider with other managers', () => {
  const mine = (
    name: string,
    value: string,
    annotations: Record<string, string>,
    options: k8s.ProviderArgs = {},
  ): PulumiFn =>
    withProvider(
      (resource) =>
        void new k8s.core.v1.ConfigMap(name, { metadata: { name, annotations }, data: { a: value } }, resource),
      options,
    );

  it('an object that exists already fails the update', async () => {
    const stack = await bed.newStack('exists');
    await applyByHand('exists', { a: '0' });

    await expect(stack.up(mine('exists', '0', {}))).rejects.toThrow(
      /ConfigMap \(v1\) "default\/exists" already exists.*upsertExistingObjects/s,
    );
  });

  it('upsertExistingObjects adopts an object, which keeps its UID', async () => {
    const stack = await bed.newStack('adopt');
    const before = await applyByHand('adopt', { a: '0' });

    await stack.up(mine('adopt', '0', {}, { upsertExistingObjects: true }));

    const live = await bed.live(CONFIG_MAP, { namespace: 'default', name: 'adopt' });
    expect(valueAt(live, ['metadata', 'uid'])).toBe(valueAt(before, ['metadata', 'uid']));
  });

  it('a conflict names the other manager and the field; patchForce takes the field over', async () => {
    const stack = await bed.newStack('conflict');
    await applyByHand('conflict', { a: '0' });
    const options = { upsertExistingObjects: true };

    await expect(stack.up(mine('conflict', '1', {}, options))).rejects.toThrow(
      /conflict: \.data\.a is managed by "kubectl"/,
    );
    await stack.up(mine('conflict', '1', { 'pulumi.com/patchForce': 'true' }, options));

    const live = await bed.live(CONFIG_MAP, { namespace: 'default', name: 'conflict' });
    expect(valueAt(live, ['data', 'a'])).toBe('1');
  });

  it('the manager of the annotation patchFieldManager owns the fields', async () => {
    const stack = await bed.newStack('manager');
    await stack.up(mine('manager', '1', {}));
    await stack.up(mine('manager', '2', { 'pulumi.com/patchFieldManager': 'prodesk' }));

    const live = await bed.live(CONFIG_MAP, { namespace: 'default', name: 'manager' });
    const fields = valueAt(live, ['metadata', 'managedFields']);
    expect((fields as JsonObject[]).map(({ manager }) => manager)).toEqual(['prodesk']);
  });

  it('an imported object is taken as it is', async () => {
    const stack = await bed.newStack('import');
    await applyByHand('imported', { a: '1' });
    const program = withProvider(
      (options) =>
        void new k8s.core.v1.ConfigMap(
          'imported',
          { metadata: { name: 'imported', namespace: 'default' }, data: { a: '1' } },
          { ...options, import: 'default/imported' },
        ),
    );

    expect(await stack.up(program)).toEqual({ create: 2, import: 1 });
  });

  it('a finalizer that nobody removes fails the deletion at its deadline and is named', async () => {
    const stack = await bed.newStack('finalizer');
    await stack.up(
      withProvider(
        (options) =>
          void new k8s.core.v1.ConfigMap(
            'held',
            { metadata: { name: 'held', finalizers: ['example.com/held'] } },
            { ...options, customTimeouts: { delete: '1s' } },
          ),
      ),
    );

    await expect(stack.up(withProvider(() => undefined))).rejects.toThrow(
      /still there after 1s; it waits for its finalizers example.com\/held/,
    );

    const path = await bed.cluster.resource(CONFIG_MAP);
    const identity = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'held' } };
    const [manager] = valueAt(await bed.live(CONFIG_MAP, { namespace: 'default', name: 'held' }), [
      'metadata',
      'managedFields',
    ]) as JsonObject[];
    await bed.cluster.apply(path, { namespace: 'default', name: 'held' }, identity, {
      manager: textAt(manager ?? {}, 'manager') ?? '',
      force: true,
    });
    expect(await stack.up(withProvider(() => undefined))).toMatchObject({ delete: 1 });
  });
});

describe('integration/provider with several configurations', () => {
  it('two providers of one program keep their namespaces apart', async () => {
    const stack = await bed.newStack('namespaces');
    const program: PulumiFn = () => {
      const { kubeconfig } = bed.sandbox;
      for (const namespace of ['kube-public', 'kube-node-lease']) {
        const provider = new k8s.Provider(namespace, { kubeconfig, namespace });
        new k8s.core.v1.ConfigMap(namespace, { metadata: { name: 'apart' } }, { provider });
      }
      return Promise.resolve();
    };

    await stack.up(program);

    expect(await bed.live(CONFIG_MAP, { namespace: 'kube-public', name: 'apart' })).toBeDefined();
    expect(await bed.live(CONFIG_MAP, { namespace: 'kube-node-lease', name: 'apart' })).toBeDefined();
    await stack.destroy(program);
  });

  it('a cluster that cannot be reached fails a refresh and leaves the state alone', async () => {
    const stack = await bed.newStack('unreachable');
    const nowhere = JSON.stringify({
      'current-context': 'c',
      clusters: [{ name: 'c', cluster: { server: 'http://127.0.0.1:9' } }],
      contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
    });
    const program =
      (kubeconfig: string): PulumiFn =>
      () => {
        new k8s.core.v1.ConfigMap(
          'kept',
          { metadata: { name: 'kept' }, data: { a: kubeconfig.slice(0, 1) } },
          { provider: kubernetes(kubeconfig) },
        );
        return Promise.resolve();
      };
    await stack.up(program(bed.sandbox.kubeconfig));
    const urns = await stack.urns();

    await expect(stack.up(program(nowhere))).rejects.toThrow(/http:\/\/127\.0\.0\.1:9 cannot be reached/);
    await expect(stack.refresh(program(nowhere))).rejects.toThrow(/cannot be reached/);

    expect(await stack.urns()).toEqual(urns);
  });

  it('an option that would be ignored is refused', async () => {
    const stack = await bed.newStack('options');

    await expect(stack.up(withProvider(() => undefined, { enableServerSideApply: false }))).rejects.toThrow(
      /enableServerSideApply/,
    );
  });
});
