import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { pushImage, type ImageContent } from '../../src/sandbox/images.js';
import { KubeApi } from '../../src/sandbox/kube-api.js';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandbox.js';
import { waitUntil } from '../../src/sandbox/wait-until.js';
import {
  create,
  createNamespace,
  deploymentOf,
  holds,
  waitForObject,
  waitForPod,
  type LiveObject,
} from '../support/kube-objects.js';

const NAMESPACE = 'web';
const DEPLOYMENTS = `/apis/apps/v1/namespaces/${NAMESPACE}/deployments`;

interface Kubeconfig {
  readonly clusters: readonly { readonly cluster: { readonly server: string; 'certificate-authority-data': string } }[];
  readonly users: readonly { readonly user: { readonly token: string } }[];
}

describe('integration/sandbox-cluster', () => {
  let directory: string;
  let sandbox: Sandbox;
  let api: KubeApi;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'prodesk-sandbox-'));
    sandbox = await startSandbox({ directory, log: () => undefined, components: ['cluster', 'registry'] });
    api = new KubeApi(await accessOf(sandbox.kubeconfig));
    await createNamespace(api, NAMESPACE);
  });

  afterAll(async () => {
    api.close();
    await sandbox.stop();
    await rm(directory, { recursive: true, force: true });
  });

  async function accessOf(kubeconfig: string) {
    const { clusters, users } = parse(await readFile(kubeconfig, 'utf8')) as Kubeconfig;
    const { server = '', 'certificate-authority-data': authority = '' } = clusters[0]?.cluster ?? {};
    return {
      server,
      authority: Buffer.from(authority, 'base64').toString('utf8'),
      token: users[0]?.user.token ?? '',
    };
  }

  function push(name: string, tag: string, content: ImageContent = {}): Promise<string> {
    return pushImage(sandbox.registry?.endpoint ?? '', `owner/${name}`, tag, content);
  }

  function waitingReason(pod: LiveObject): string | undefined {
    return pod.status?.containerStatuses?.[0]?.state.waiting?.reason;
  }

  describe('access', () => {
    it('the kubeconfig is for its owner alone, and so is everything secret', async () => {
      for (const path of [sandbox.kubeconfig, join(directory, 'pki/tokens.csv'), join(directory, 'pki/server.key')]) {
        expect((await stat(path)).mode & 0o777).toBe(0o600);
      }
    });

    it('nobody gets in without a token, not even to etcd', async () => {
      const { server, authority } = await accessOf(sandbox.kubeconfig);
      const anonymous = new KubeApi({ server, authority });
      const etcd = sandbox.components.find(({ name }) => name === 'etcd')?.address ?? '';
      const stranger = new KubeApi({ server: etcd, authority });

      expect((await anonymous.send({ path: '/api/v1/secrets' })).status).toBe(401);
      await expect(stranger.send({ path: '/readyz' })).rejects.toThrow();
      anonymous.close();
      stranger.close();
    });

    it('every process listens on the loopback address only', async () => {
      const listening = await readFile('/proc/net/tcp', 'utf8').catch(() => '');
      const ports = sandbox.components.flatMap(({ address }) => (address === undefined ? [] : [new URL(address).port]));
      const hexPorts = new Set(ports.map((port) => Number(port).toString(16).toUpperCase().padStart(4, '0')));
      const addresses = listening
        .split('\n')
        .map((line) => line.trim().split(/\s+/))
        .filter(([, local = '', , state]) => state === '0A' && hexPorts.has(local.split(':')[1] ?? ''))
        .map(([, local = '']) => local.split(':')[0]);

      expect(ports.length).toBeGreaterThanOrEqual(5);
      expect(new Set(addresses)).toEqual(new Set(process.platform === 'linux' ? ['0100007F'] : []));
    });
  });

  describe('pods', () => {
    it('a deployment of an image from elsewhere is available within seconds', async () => {
      const started = Date.now();
      await create(api, DEPLOYMENTS, deploymentOf('mysql', 'mysql:8.0.37'));
      await waitForObject(api, `${DEPLOYMENTS}/mysql`, (object) => holds(object, 'Available'));

      expect(Date.now() - started).toBeLessThan(10_000);
    });

    it('an image that is not in the registry is backed off from until somebody pushes it', async () => {
      await create(api, DEPLOYMENTS, deploymentOf('late', 'ghcr.io/owner/late:master-1'));
      await waitForPod(api, NAMESPACE, 'late', (pod) => waitingReason(pod) === 'ImagePullBackOff');
      await push('late', 'master-1');
      const pod = await waitForPod(api, NAMESPACE, 'late', (candidate) => holds(candidate, 'Ready'));

      expect(pod.status?.phase).toBe('Running');
    });

    it.each([
      ['crash' as const, 'Error', 1],
      ['oom' as const, 'OOMKilled', 137],
    ])('an image labelled %s restarts again and again after %s', async (behavior, reason, exitCode) => {
      await push(behavior, 'master-1', { behavior });
      await create(api, DEPLOYMENTS, deploymentOf(behavior, `ghcr.io/owner/${behavior}:master-1`));
      const pod = await waitForPod(
        api,
        NAMESPACE,
        behavior,
        (candidate) =>
          waitingReason(candidate) === 'CrashLoopBackOff' &&
          (candidate.status?.containerStatuses?.[0]?.restartCount ?? 0) >= 2,
      );

      expect(pod.status?.containerStatuses?.[0]?.lastState?.terminated).toMatchObject({ reason, exitCode });
      expect(holds(pod, 'Ready')).toBe(false);
    });

    it('an image labelled never-ready runs without becoming ready', async () => {
      await push('slow', 'master-1', { behavior: 'never-ready' });
      await create(api, DEPLOYMENTS, deploymentOf('slow', 'ghcr.io/owner/slow:master-1'));
      const pod = await waitForPod(api, NAMESPACE, 'slow', ({ status }) => status?.phase === 'Running');

      expect(pod.status?.containerStatuses?.[0]?.state.running).toBeDefined();
      expect(holds(pod, 'Ready')).toBe(false);
    });

    it('an index without an image for the node cannot be pulled', async () => {
      await push('arm', 'master-1', { platforms: ['linux/arm64', 'linux/arm/v7'] });
      await push('both', 'master-1', { platforms: ['linux/arm64', 'linux/amd64'] });
      for (const name of ['arm', 'both']) {
        await create(api, DEPLOYMENTS, deploymentOf(name, `ghcr.io/owner/${name}:master-1`));
      }

      await waitForPod(api, NAMESPACE, 'both', (pod) => holds(pod, 'Ready'));
      await waitForPod(api, NAMESPACE, 'arm', (pod) => waitingReason(pod) === 'ImagePullBackOff');
    });

    it('a new image replaces the pod, and the old pod goes', async () => {
      await push('rolling', 'master-1');
      await push('rolling', 'master-2');
      await create(api, DEPLOYMENTS, deploymentOf('rolling', 'ghcr.io/owner/rolling:master-1'));
      const before = await waitForPod(api, NAMESPACE, 'rolling', (pod) => holds(pod, 'Ready'));
      await api.call({
        method: 'PATCH',
        path: `${DEPLOYMENTS}/rolling`,
        body: deploymentOf('rolling', 'ghcr.io/owner/rolling:master-2'),
        contentType: 'application/strategic-merge-patch+json',
      });
      const isOther = (pod: LiveObject): boolean => pod.metadata.uid !== before.metadata.uid && holds(pod, 'Ready');

      expect(await waitForPod(api, NAMESPACE, 'rolling', isOther)).toBeDefined();
    });

    it('a job completes', async () => {
      const jobs = `/apis/batch/v1/namespaces/${NAMESPACE}/jobs`;
      const template = { spec: { restartPolicy: 'Never', containers: [{ name: 'once', image: 'busybox:1.37' }] } };
      await create(api, jobs, { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'once' }, spec: { template } });

      expect(await waitForObject(api, `${jobs}/once`, (job) => holds(job, 'Complete'))).toBeDefined();
    });
  });

  describe('the rest of the cluster', () => {
    it('a claim binds to the volume it names, and its pod runs on the node that has it', async () => {
      const storage = { storageClassName: 'local-storage', accessModes: ['ReadWriteOnce'] };
      const terms = [{ matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: ['prodesk'] }] }];
      await create(api, '/api/v1/persistentvolumes', {
        metadata: { name: 'data' },
        spec: {
          ...storage,
          capacity: { storage: '10Gi' },
          persistentVolumeReclaimPolicy: 'Retain',
          local: { path: '/srv/data' },
          nodeAffinity: { required: { nodeSelectorTerms: terms } },
        },
      });
      await create(api, `/api/v1/namespaces/${NAMESPACE}/persistentvolumeclaims`, {
        metadata: { name: 'data' },
        spec: { ...storage, volumeName: 'data', resources: { requests: { storage: '10Gi' } } },
      });
      await create(api, `/api/v1/namespaces/${NAMESPACE}/pods`, {
        metadata: { name: 'stateful', labels: { app: 'stateful' } },
        spec: {
          containers: [{ name: 'db', image: 'mysql:8.0.37', volumeMounts: [{ name: 'data', mountPath: '/data' }] }],
          volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }],
        },
      });

      await waitForObject(
        api,
        `/api/v1/namespaces/${NAMESPACE}/persistentvolumeclaims/data`,
        ({ status }) => status?.phase === 'Bound',
      );
      await waitForPod(api, NAMESPACE, 'stateful', (pod) => holds(pod, 'Ready'));
    });

    it.each([
      [
        'traefik.io/v1alpha1',
        'ingressroutes',
        { routes: [{ match: 'Host(`a.example`)', kind: 'Rule' }], tls: { certResolver: 'letsencrypt' } },
        { entryPoints: 'web' },
      ],
      ['traefik.io/v1alpha1', 'middlewares', { basicAuth: { secret: 'users' } }, { basicAuth: { secret: 1 } }],
      ['helm.cattle.io/v1', 'helmchartconfigs', { valuesContent: 'a: 1' }, { valuesContent: { a: 1 } }],
      ['helm.cattle.io/v1', 'helmcharts', { chart: 'traefik' }, { chart: 1 }],
      [
        'monitoring.coreos.com/v1',
        'servicemonitors',
        { selector: { matchLabels: { app: 'web' } }, endpoints: [{ port: 'http' }] },
        { endpoints: [{ port: 80 }] },
      ],
    ])('%s %s are checked', async (apiVersion, plural, good, bad) => {
      const path = `/apis/${apiVersion}/namespaces/${NAMESPACE}/${plural}?dryRun=All`;
      const kinds = (await api.call({ path: `/apis/${apiVersion}` })) as {
        resources: readonly { readonly name: string; readonly kind: string }[];
      };
      const kind = kinds.resources.find(({ name }) => name === plural)?.kind;
      const send = (spec: object) =>
        api.send({ method: 'POST', path, body: { apiVersion, kind, metadata: { name: 'it' }, spec } });

      expect((await send(good)).status).toBe(201);
      expect((await send(bad)).status).toBe(422);
    });

    it('a namespace goes with all that is in it', async () => {
      await createNamespace(api, 'short');
      await create(api, '/apis/apps/v1/namespaces/short/deployments', deploymentOf('web', 'redis:7.2'));
      await waitForPod(api, 'short', 'web', (pod) => holds(pod, 'Ready'));
      await api.call({ method: 'DELETE', path: '/api/v1/namespaces/short' });

      const isGone = async () => (await api.send({ path: '/api/v1/namespaces/short' })).status === 404;
      expect(await waitUntil(isGone, { what: 'the end of the namespace', timeoutMs: 30_000 })).toBe(true);
    });
  });
});
