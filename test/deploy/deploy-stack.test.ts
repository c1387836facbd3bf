import * as pulumi from '@pulumi/pulumi';
import { beforeEach, describe, expect, it } from 'vitest';
import { markConfigHashes } from '../../src/app/config-hash.js';
import { deployedObjects } from '../../src/app/deployed-objects.js';
import type { DeployApp } from '../../src/app/deployment.js';
import { keyOf, refOf, type Manifest } from '../../src/app/manifest.js';
import { appUrn, namespaceUrn, objectUrn, providerUrn, resourceNameOf } from '../../src/app/resource-name.js';
import { secretMarker } from '../../src/app/secret-marker.js';
import { sopsKey } from '../../src/app/sops-reference.js';
import { APP_LABEL } from '../../src/app/tracking.js';
import { StalledError } from '../../src/base/errors.js';
import { type DeployOptions, deployStack } from '../../src/deploy/deploy-stack.js';

const ID = { project: 'prodesk', stack: 'prodesk' };

interface Registered {
  readonly type: string;
  readonly name: string;
  readonly resource: pulumi.Resource;
  readonly inputs: unknown;
  readonly options: pulumi.CustomResourceOptions;
}

const registered: Registered[] = [];
const FROM_FILE = sopsKey({ app: 'a', file: 'db.sops.yaml', path: ['TOKEN'] });

/** Encrypted files with one value. */
const options: DeployOptions = {
  files: {
    valuesOf: ({ encryptedFiles }) => Promise.resolve(encryptedFiles === undefined ? {} : { [FROM_FILE]: 'xyzzy' }),
  },
  onSecrets: (values) => told.push(...values, registered.length),
};
const told: (string | number)[] = [];

const MOCKS: pulumi.runtime.Mocks = {
  newResource: ({ name, inputs }) => ({ id: `${name}-id`, state: inputs as Record<string, unknown> }),
  call: () => ({}),
};

/** Sees every registration with its options; mocks only see inputs. */
const record: pulumi.ResourceTransformation = ({ type, name, props, opts, resource }) => {
  registered.push({ type, name, resource, inputs: props, options: opts });
  return undefined;
};

function app(name: string, objects: readonly Manifest[], namespace = 'prodesk'): DeployApp {
  return { name, namespace, createNamespace: true, objects };
}

const CONFIG: Manifest = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'c', namespace: 'prodesk' },
  data: { a: 'b' },
};
const WORKLOAD: Manifest = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'd', namespace: 'prodesk' },
  spec: {},
};
const CLAIM: Manifest = {
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'p', namespace: 'prodesk' },
  spec: {},
};
const SECRET: Manifest = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 's', namespace: 'prodesk' },
  stringData: { password: secretMarker('a.password') },
};

async function deploy(...apps: DeployApp[]): Promise<unknown> {
  const images = { a: { 'ghcr.io/o/a': 'master-1' } };
  const outputs: unknown = await pulumi.runtime.runInPulumiStack(() => {
    pulumi.runtime.registerStackTransformation(record);
    return deployStack({ apps, images, fingerprints: { a: 'f' } }, options);
  });
  await pulumi.runtime.disconnect();
  return outputs;
}

/** The plain value behind an output, or behind a structure with outputs in it. */
function settle(value: unknown): Promise<unknown> {
  const whole: pulumi.Output<unknown> = pulumi.output(value);
  return new Promise((resolve) => {
    whole.apply(resolve);
  });
}

/** The names of what a resource waits for. */
function dependenciesOf({ options }: Registered): string[] {
  const resources = [options.dependsOn ?? []].flat() as readonly pulumi.Resource[];
  return resources.map((resource) => registered.find((other) => other.resource === resource)?.name ?? '?').sort();
}

function find(name: string): Registered {
  const found = registered.find((resource) => resource.name === name);
  if (found === undefined) {
    throw new Error(`not registered: ${name}; there is ${registered.map((resource) => resource.name).join(', ')}`);
  }
  return found;
}

describe('deploy/deploy-stack', () => {
  beforeEach(async () => {
    registered.length = 0;
    told.length = 0;
    await pulumi.runtime.setMocks(MOCKS, ID.project, ID.stack, false);
    pulumi.runtime.setAllConfig({ 'prodesk:a.password': 'hunter2' }, ['prodesk:a.password']);
  });

  it('the provider has no kubeconfig and does not name adoption, so that its inputs are equal everywhere', async () => {
    await deploy();
    expect(await settle(find('prodesk').inputs)).toEqual({
      enableServerSideApply: 'true',
      enableConfigMapMutable: 'true',
      enableSecretMutable: 'true',
    });
  });

  it('every object gets the URN that resource-name gives', async () => {
    await deploy(app('a', [CONFIG, WORKLOAD]));
    const urns = await Promise.all(registered.map(({ resource }) => settle(resource.urn)));
    /** Mocks write the root's type into each URN, which engines leave out. */
    expect(urns.map((urn) => String(urn).replace('pulumi:pulumi:Stack$', ''))).toEqual([
      providerUrn(ID),
      namespaceUrn(ID, 'prodesk'),
      appUrn(ID, 'a'),
      objectUrn(ID, 'a', refOf(CONFIG)),
      objectUrn(ID, 'a', refOf(WORKLOAD)),
    ]);
  });

  it('objects come wave by wave, and hooks before and after all of them', async () => {
    const noted = (object: Manifest, annotations: Record<string, string>): Manifest => ({
      ...object,
      metadata: { ...object.metadata, annotations },
    });
    const job: Manifest = {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'j', namespace: 'prodesk' },
      spec: {},
    };
    await deploy(
      app('a', [
        noted(CONFIG, { 'prodesk.dev/wave': '1' }),
        noted(job, { 'prodesk.dev/hook': 'post-sync' }),
        WORKLOAD,
        noted({ ...job, metadata: { ...job.metadata, name: 'i' } }, { 'prodesk.dev/hook': 'pre-sync' }),
      ]),
    );
    const names = ['a/Job/prodesk/i', 'a/Deployment/prodesk/d', 'a/ConfigMap/prodesk/c', 'a/Job/prodesk/j'];
    expect(registered.map(({ name }) => name).filter((name) => names.includes(name))).toEqual(names);
  });

  it('objects use the explicit provider', async () => {
    await deploy(app('a', [CONFIG]));
    expect(find('a/ConfigMap/prodesk/c').options.provider).toBe(find('prodesk').resource);
  });

  it('fields that others may write stay as they are in the cluster', async () => {
    await deploy({ ...app('a', [CONFIG, WORKLOAD]), ignored: { [keyOf(WORKLOAD)]: ['/spec/replicas'] } });
    expect(find(resourceNameOf('a', refOf(WORKLOAD))).options.ignoreChanges).toEqual(['spec.replicas']);
    expect(find(resourceNameOf('a', refOf(CONFIG))).options.ignoreChanges).toEqual([]);
  });

  it('objects carry the application label', async () => {
    await deploy(app('a', [CONFIG]));
    expect(await settle(find('a/ConfigMap/prodesk/c').inputs)).toMatchObject({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'c', labels: { [APP_LABEL]: 'a' } },
      data: { a: 'b' },
    });
  });

  it('a namespace that two applications share is registered once, kept, and belongs to none', async () => {
    await deploy(app('a', [CONFIG]), app('b', []));
    const namespaces = registered.filter(({ type }) => type === 'kubernetes:core/v1:Namespace');
    expect(namespaces).toHaveLength(1);
    expect(namespaces[0]?.options.retainOnDelete).toBe(true);
    expect(namespaces[0]?.inputs).toMatchObject({ metadata: { name: 'prodesk' } });
    expect(JSON.stringify(namespaces[0]?.inputs)).not.toContain(APP_LABEL);
  });

  it.each(['default', 'kube-system', 'kube-public', 'kube-node-lease'])(
    'the namespace %s is never registered',
    async (name) => {
      await deploy(app('a', [], name));
      expect(registered.map(({ type }) => type)).not.toContain('kubernetes:core/v1:Namespace');
    },
  );

  it('a workload comes after its configuration, and objects depend on their namespace alone', async () => {
    await deploy(app('a', [WORKLOAD, CONFIG, SECRET]));
    const names = registered.map(({ name }) => name);
    expect(names.slice(names.indexOf('a') + 1)).toEqual([
      'a/ConfigMap/prodesk/c',
      'a/Secret/prodesk/s',
      'a/Deployment/prodesk/d',
    ]);
    expect(['a/Deployment/prodesk/d', 'a/ConfigMap/prodesk/c'].map((name) => dependenciesOf(find(name)))).toEqual([
      ['namespace/prodesk'],
      ['namespace/prodesk'],
    ]);
  });

  it('objects that hold data are kept on deletion, and all are replaced by deleting first', async () => {
    await deploy(app('a', [CLAIM, CONFIG]));
    const [claim, config] = [find('a/PersistentVolumeClaim/prodesk/p'), find('a/ConfigMap/prodesk/c')];
    expect([claim.options.retainOnDelete, config.options.retainOnDelete]).toEqual([true, false]);
    expect([claim.options.deleteBeforeReplace, config.options.deleteBeforeReplace]).toEqual([true, true]);
  });

  it('a secret value reaches the provider as base64 in data', async () => {
    await deploy(app('a', [SECRET]));
    const inputs = await settle(find('a/Secret/prodesk/s').inputs);
    expect(inputs).toMatchObject({ data: { password: Buffer.from('hunter2').toString('base64') } });
    expect(inputs).not.toHaveProperty('stringData');
  });

  it('a value of an encrypted file reaches the provider as a secret, and is told before anything is registered', async () => {
    const object = {
      ...SECRET,
      stringData: { password: secretMarker('a.password'), token: `x-${secretMarker(FROM_FILE)}` },
    };
    await deploy({ ...app('a', [object]), encryptedFiles: { 'apps/a/db.sops.yaml': 'encrypted' } });
    const secret = find('a/Secret/prodesk/s');
    expect(await settle(secret.inputs)).toMatchObject({ data: { token: Buffer.from('x-xyzzy').toString('base64') } });
    expect(secret.options).toMatchObject({ additionalSecretOutputs: ['data'] });
    expect(told).toEqual(['hunter2', 'xyzzy', 0]);
  });

  it('a file that cannot be decrypted is named, and nothing is registered', async () => {
    const error = new StalledError('sops/identity', 'apps/a/db.sops.yaml is encrypted for others');
    const failing = { files: { valuesOf: () => Promise.reject(error) } };
    const deployment = { apps: [app('a', [CONFIG])], images: {}, fingerprints: {} };
    const reason: unknown = await deployStack(deployment, failing).catch((thrown: unknown) => thrown);
    expect(pulumi.RunError.isInstance(reason)).toBe(true);
    expect(String(reason)).toContain('apps/a/db.sops.yaml is encrypted for others');
    expect(registered).toEqual([]);
  });

  describe('an application that asks for restarts', () => {
    const containers = [{ name: 'd', envFrom: [{ secretRef: { name: 's' } }] }];
    const reader: Manifest = { ...WORKLOAD, spec: { template: { spec: { containers } } } };
    const marked = markConfigHashes([SECRET, reader], 'prodesk');
    const configure = (restartKey: string): void => {
      const values = { 'prodesk:a.password': 'hunter2', 'prodesk:restartKey': restartKey };
      pulumi.runtime.setAllConfig(values, Object.keys(values));
    };

    it('is deployed with the hashes that the daemon compares with, in plain text', async () => {
      const restartKey = 'k'.repeat(32);
      configure(restartKey);
      await deploy(app('a', marked));
      const [, wanted] = deployedObjects('a', marked, { 'a.password': 'hunter2', restartKey });
      expect(find('a/Deployment/prodesk/d').inputs).toMatchObject({ spec: wanted?.spec });
      expect(find('a/Deployment/prodesk/d').options).toMatchObject({ additionalSecretOutputs: [] });
    });

    it('is refused with a key that could be guessed, and nothing is registered', async () => {
      configure('short');
      const deployment = { apps: [app('a', marked)], images: {}, fingerprints: {} };
      await expect(deployStack(deployment, options)).rejects.toThrow('prodesk:restartKey has fewer than 32 characters');
      expect(registered).toEqual([]);
    });
  });

  it('images and fingerprints are the outputs', async () => {
    expect(await deploy()).toEqual({ images: { a: { 'ghcr.io/o/a': 'master-1' } }, fingerprints: { a: 'f' } });
  });

  it('secrets that are not set are listed with their commands, and nothing is registered', async () => {
    const other: Manifest = { ...SECRET, stringData: { x: secretMarker('a.token') } };
    const deployment = { apps: [app('a', [SECRET, other])], images: {}, fingerprints: {} };
    pulumi.runtime.setAllConfig({});
    await expect(deployStack(deployment, options)).rejects.toThrow(
      'missing configuration:\n' +
        '  secret prodesk:a.password is not set; set it with: pulumi config set --secret prodesk:a.password\n' +
        '  secret prodesk:a.token is not set; set it with: pulumi config set --secret prodesk:a.token',
    );
    expect(registered).toEqual([]);
  });
});
