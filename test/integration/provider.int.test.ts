import * as k8s from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import type { PulumiFn } from '@pulumi/pulumi/automation/index.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { objectAt, valueAt } from '../../src/sandbox/provider/json.js';
import type { Kind } from '../../src/sandbox/provider/kind.js';
import { kubernetes, startTestBed, type TestBed } from '../sandbox/provider/test-stack.js';

const CONFIG_MAP: Kind = { group: '', version: 'v1', kind: 'ConfigMap' };
const DEPLOYMENT: Kind = { group: 'apps', version: 'v1', kind: 'Deployment' };

let bed: TestBed;
beforeAll(async () => {
  bed = await startTestBed();
});
afterAll(() => bed.stop());

const uidOf = async (kind: Kind, name: string): Promise<unknown> =>
  valueAt(await bed.live(kind, { namespace: 'default', name }), ['metadata', 'uid']);

const withProvider =
  (resources: (options: pulumi.CustomResourceOptions) => void, options: k8s.ProviderArgs = {}): PulumiFn =>
  () => {
    resources({ provider: kubernetes(bed.sandbox.kubeconfig, options) });
    return Promise.resolve();
  };

const configMap = (name: string, data: Record<string, string>): PulumiFn =>
  withProvider((options) => void new k8s.core.v1.ConfigMap(name, { metadata: { name }, data }, options));

const deployment = (name: string, app: string, image: string): PulumiFn =>
  withProvider(
    (options) =>
      void new k8s.apps.v1.Deployment(
        name,
        {
          metadata: { name, annotations: { 'pulumi.com/skipAwait': 'true' } },
          spec: {
            selector: { matchLabels: { app } },
            template: {
              metadata: { labels: { app } },
              spec: {
                containers: [{ name: 'main', image, resources: { limits: { cpu: '1000m', memory: '1024Mi' } } }],
              },
            },
          },
        },
        options,
      ),
  );

describe('integration/provider', () => {
  it('a preview creates nothing', async () => {
    const stack = await bed.newStack('preview');

    const changes = await stack.preview(configMap('previewed', { a: '1' }));

    expect(changes).toEqual({ create: 3 });
    expect(await bed.live(CONFIG_MAP, { namespace: 'default', name: 'previewed' })).toBeUndefined();
  });

  it('a preview reports what the API server would refuse', async () => {
    const stack = await bed.newStack('refused');

    await expect(stack.preview(configMap('refused', { 'not a key': '1' }))).rejects.toThrow(
      /not a key.*valid config key/s,
    );
  });

  it('a second update with the same program changes nothing, whatever the API server normalizes', async () => {
    const stack = await bed.newStack('same');
    const program = withProvider((options) => {
      new k8s.core.v1.ConfigMap('cm', { metadata: { name: 'same', labels: {} }, data: { a: '1' } }, options);
      new k8s.core.v1.Secret(
        'secret',
        { metadata: { name: 'same' }, stringData: { a: 'b' }, data: { c: 'ZA==' } },
        options,
      );
      new k8s.core.v1.Service(
        'service',
        {
          metadata: { name: 'same' },
          spec: {
            selector: { a: 'b' },
            ports: [
              { name: 'u', port: 53, protocol: 'UDP' },
              { name: 't', port: 53 },
            ],
          },
        },
        options,
      );
      const requests = { cpu: '0.5', memory: '1024Mi' };
      new k8s.apps.v1.Deployment(
        'deployment',
        {
          metadata: { name: 'same', annotations: { 'pulumi.com/skipAwait': 'true' } },
          spec: {
            replicas: 0,
            selector: { matchLabels: { a: 'b' } },
            template: {
              metadata: { labels: { a: 'b' } },
              spec: {
                containers: [{ name: 'c', image: 'i', resources: { requests }, env: [{ name: 'E', value: '' }] }],
                volumes: [{ name: 'v', emptyDir: {} }],
              },
            },
          },
        },
        options,
      );
    });
    await stack.up(program);

    expect(await stack.up(program)).toEqual({ same: 6 });
  });

  it('a changed ConfigMap keeps its UID', async () => {
    const stack = await bed.newStack('data');
    await stack.up(configMap('data', { a: '1', b: '1' }));
    const uid = await uidOf(CONFIG_MAP, 'data');

    expect(await stack.up(configMap('data', { a: '2' }))).toEqual({ same: 2, update: 1 });

    const live = await bed.live(CONFIG_MAP, { namespace: 'default', name: 'data' });
    expect(live?.['data']).toEqual({ a: '2' });
    expect(valueAt(live, ['metadata', 'uid'])).toBe(uid);
  });

  it('a new image updates the Deployment in place', async () => {
    const stack = await bed.newStack('image');
    await stack.up(deployment('image', 'image', 'a:1'));
    const uid = await uidOf(DEPLOYMENT, 'image');

    expect(await stack.up(deployment('image', 'image', 'a:2'))).toEqual({ same: 2, update: 1 });
    expect(await uidOf(DEPLOYMENT, 'image')).toBe(uid);
  });

  it('a changed selector replaces the Deployment', async () => {
    const stack = await bed.newStack('selector');
    await stack.up(deployment('selector', 'before', 'a:1'));
    const uid = await uidOf(DEPLOYMENT, 'selector');

    expect(await stack.preview(deployment('selector', 'after', 'a:1'))).toEqual({ same: 2, replace: 1 });
    expect(await stack.up(deployment('selector', 'after', 'a:1'))).toEqual({ same: 2, replace: 1 });
    expect(await uidOf(DEPLOYMENT, 'selector')).not.toBe(uid);
  });

  it.each<[string, (name: string, variant: boolean, options: pulumi.CustomResourceOptions) => void]>([
    [
      'the cluster IP of a Service',
      (name, variant, options) =>
        void new k8s.core.v1.Service(
          name,
          { metadata: { name }, spec: { ports: [{ port: 1 }], ...(variant ? { clusterIP: 'None' } : {}) } },
          options,
        ),
    ],
    [
      'the storage class of a PersistentVolumeClaim',
      (name, variant, options) =>
        void new k8s.core.v1.PersistentVolumeClaim(
          name,
          {
            metadata: { name, annotations: { 'pulumi.com/skipAwait': 'true' } },
            spec: {
              accessModes: ['ReadWriteOnce'],
              storageClassName: variant ? 'b' : 'a',
              resources: { requests: { storage: '1Gi' } },
            },
          },
          options,
        ),
    ],
    [
      'the template of a Job',
      (name, variant, options) =>
        void new k8s.batch.v1.Job(
          name,
          {
            metadata: { name, annotations: { 'pulumi.com/skipAwait': 'true' } },
            spec: {
              suspend: true,
              template: { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: variant ? 'b' : 'a' }] } },
            },
          },
          options,
        ),
    ],
    [
      'the data of an immutable Secret',
      (name, variant, options) =>
        void new k8s.core.v1.Secret(
          name,
          { metadata: { name }, immutable: true, stringData: { a: String(variant) } },
          options,
        ),
    ],
    [
      'the path of a PersistentVolume',
      (name, variant, options) =>
        void new k8s.core.v1.PersistentVolume(
          name,
          {
            metadata: { name, annotations: { 'pulumi.com/skipAwait': 'true' } },
            spec: {
              capacity: { storage: '1Gi' },
              accessModes: ['ReadWriteOnce'],
              hostPath: { path: variant ? '/b' : '/a' },
            },
          },
          options,
        ),
    ],
  ])('a change of %s replaces it', async (what, resource) => {
    const name = `replaced-${what.split(' ').at(-1)?.toLowerCase() ?? ''}`;
    const stack = await bed.newStack(name);
    await stack.up(withProvider((options) => resource(name, false, options)));

    const changes = await stack.up(withProvider((options) => resource(name, true, options)));

    expect(changes).toEqual({ same: 2, replace: 1 });
  });

  it('a resource that leaves the program is deleted from the cluster', async () => {
    const stack = await bed.newStack('delete');
    await stack.up(configMap('deleted', {}));

    await stack.up(withProvider(() => undefined));

    expect(await bed.live(CONFIG_MAP, { namespace: 'default', name: 'deleted' })).toBeUndefined();
  });

  it('an object that somebody else created anew under the name is not deleted', async () => {
    const stack = await bed.newStack('renewed');
    await stack.up(configMap('renewed', {}));
    const type = await bed.cluster.resource(CONFIG_MAP);
    const place = { namespace: 'default', name: 'renewed' };
    await bed.cluster.remove(type, place, { propagation: 'Background' });
    const manifest = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'renewed' } };
    await bed.cluster.create(type, 'default', manifest, { manager: 'hand', force: false });

    expect(await stack.up(withProvider(() => undefined))).toMatchObject({ delete: 1 });

    expect(await bed.live(CONFIG_MAP, place)).toBeDefined();
    expect((await stack.urns()).join(' ')).not.toContain('ConfigMap');
  });

  it('an object that is replaced between the look and the deletion is not deleted', async () => {
    const type = await bed.cluster.resource(CONFIG_MAP);
    const place = { namespace: 'default', name: 'raced' };
    const manifest = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'raced' } };
    await bed.cluster.create(type, 'default', manifest, { manager: 'hand', force: false });

    const uid = '11111111-1111-1111-1111-111111111111';
    expect(await bed.cluster.remove(type, place, { propagation: 'Background', uid })).toBe(true);

    expect(await bed.live(CONFIG_MAP, place)).toBeDefined();
  });

  it('a refresh sees that an object was deleted, and the next update creates it again', async () => {
    const stack = await bed.newStack('gone');
    const program = configMap('gone', { a: '1' });
    await stack.up(program);
    await bed.cluster.remove(
      await bed.cluster.resource(CONFIG_MAP),
      { namespace: 'default', name: 'gone' },
      { propagation: 'Background' },
    );

    await stack.refresh(program);

    expect((await stack.urns()).join(' ')).not.toContain('ConfigMap');
    expect(await stack.up(program)).toMatchObject({ create: 1 });
  });

  it('an update repairs drift that a refresh recorded, and the object keeps its UID', async () => {
    const stack = await bed.newStack('drift');
    const program = configMap('drift', { a: '1' });
    await stack.up(program);
    const uid = await uidOf(CONFIG_MAP, 'drift');
    await bed.cluster.apply(
      await bed.cluster.resource(CONFIG_MAP),
      { namespace: 'default', name: 'drift' },
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'drift' }, data: { a: 'by hand' } },
      { manager: 'hand', force: true },
    );

    expect(await stack.refresh(program)).toMatchObject({ update: 1 });
    await expect(stack.up(program)).rejects.toThrow(/\.data\.a is managed by "hand"/);
    expect(
      await stack.up(
        withProvider(
          (options) =>
            void new k8s.core.v1.ConfigMap('drift', { metadata: { name: 'drift' }, data: { a: '1' } }, options),
          { enablePatchForce: true },
        ),
      ),
    ).toMatchObject({ update: 2 });

    const live = await bed.live(CONFIG_MAP, { namespace: 'default', name: 'drift' });
    expect(valueAt(live, ['data', 'a'])).toBe('1');
    expect(valueAt(live, ['metadata', 'uid'])).toBe(uid);
  });

  it('no secret value is readable in the state', async () => {
    const stack = await bed.newStack('secret');
    const program = withProvider((options) => {
      new k8s.core.v1.Secret(
        'one',
        { metadata: { name: 'hidden' }, stringData: { password: 'correct-horse-battery' } },
        options,
      );
      new k8s.core.v1.ConfigMap(
        'two',
        { metadata: { name: 'hidden' }, data: { key: pulumi.secret('staple-of-words') } },
        options,
      );
    });

    await stack.up(program);
    await stack.refresh(program);
    const state = await stack.stateText();

    for (const word of ['correct-horse-battery', 'staple-of-words']) {
      expect(state).not.toContain(word);
      expect(state).not.toContain(Buffer.from(word).toString('base64'));
    }
    const live = await bed.live({ group: '', version: 'v1', kind: 'Secret' }, { namespace: 'default', name: 'hidden' });
    expect(objectAt(live ?? {}, 'data')['password']).toBe(Buffer.from('correct-horse-battery').toString('base64'));
  });

  it('no secret value is in the message when the API server refuses the object', async () => {
    const stack = await bed.newStack('quoted');
    const program = withProvider(
      (options) =>
        void new k8s.core.v1.Service(
          'quoted',
          {
            metadata: { name: 'quoted' },
            spec: { ports: [{ port: 1 }], externalName: 'x', type: pulumi.secret('Tr0ub4dor') },
          },
          options,
        ),
    );

    const failure = await stack.up(program).then(() => '', String);

    expect(failure).toContain('spec.type');
    expect(failure).not.toContain('Tr0ub4dor');
  });
});
