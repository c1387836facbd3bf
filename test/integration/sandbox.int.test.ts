import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pushCommit } from '../../src/sandbox/git-remote.js';
import { deleteImage, pushImage } from '../../src/sandbox/images.js';
import { KubeApi } from '../../src/sandbox/kube-api.js';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandbox.js';
import { waitUntil } from '../../src/sandbox/wait-until.js';
import { processesBelow } from '../support/processes.js';

const REPOSITORY = 'sijunkim/web';

let folder: string;
let sandbox: Sandbox;
let api: KubeApi;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'prodesk-sandbox-'));
  sandbox = await startSandbox({ directory: join(folder, 'one'), log: () => undefined });
  if (sandbox.access === undefined) {
    throw new Error('the sandbox has no cluster');
  }
  api = new KubeApi(sandbox.access);
});

afterAll(async () => {
  api.close();
  await sandbox.stop();
  await rm(folder, { recursive: true, force: true });
});

function endpoint(): string {
  return sandbox.registry?.endpoint ?? '';
}

async function createDeployment(name: string, image: string): Promise<void> {
  const labels = { app: name };
  const template = { metadata: { labels }, spec: { containers: [{ name, image }] } };
  const body = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: { selector: { matchLabels: labels }, template },
  };
  await api.call({ method: 'POST', path: '/apis/apps/v1/namespaces/default/deployments', body });
}

interface PodList {
  readonly items: readonly {
    readonly status: {
      readonly containerStatuses?: readonly { readonly state: { readonly waiting?: { readonly reason: string } } }[];
    };
  }[];
}

async function waitForReason(name: string, reason: string): Promise<void> {
  const path = `/api/v1/namespaces/default/pods?labelSelector=app%3D${name}`;
  await waitUntil(
    async () => {
      const { items } = (await api.call({ path })) as PodList;
      return items[0]?.status.containerStatuses?.[0]?.state.waiting?.reason === reason;
    },
    { what: `${reason} of ${name}` },
  );
}

interface WithStatus {
  readonly status?: { readonly availableReplicas?: number; readonly phase?: string; readonly succeeded?: number };
}

describe('integration/sandbox', () => {
  it('a Deployment becomes available', async () => {
    await pushImage(endpoint(), REPOSITORY, 'good');
    await createDeployment('good', 'ghcr.io/sijunkim/web:good');
    const path = '/apis/apps/v1/namespaces/default/deployments/good';
    const available = await waitUntil(
      async () => ((await api.call({ path })) as WithStatus).status?.availableReplicas,
      {
        what: 'an available replica',
      },
    );
    expect(available).toBe(1);
  });

  it.each([
    ['a missing image makes ImagePullBackOff', 'missing', undefined, 'ImagePullBackOff'],
    ['a crashing image makes CrashLoopBackOff', 'crash', 'crash', 'CrashLoopBackOff'],
    ['an image that runs out of memory makes CrashLoopBackOff', 'oom', 'oom', 'CrashLoopBackOff'],
  ] as const)('%s', async (_name, tag, behavior, reason) => {
    if (behavior !== undefined) {
      await pushImage(endpoint(), REPOSITORY, tag, { behavior });
    }
    await createDeployment(tag, `ghcr.io/sijunkim/web:${tag}`);
    await waitForReason(tag, reason);
  });

  it('a Job completes', async () => {
    const template = { spec: { restartPolicy: 'Never', containers: [{ name: 'job', image: 'busybox:1' }] } };
    const body = { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'once' }, spec: { template } };
    await api.call({ method: 'POST', path: '/apis/batch/v1/namespaces/default/jobs', body });
    const path = '/apis/batch/v1/namespaces/default/jobs/once';
    const succeeded = await waitUntil(async () => ((await api.call({ path })) as WithStatus).status?.succeeded, {
      what: 'the Job',
    });
    expect(succeeded).toBe(1);
  });

  it('a claim binds to the volume that it names', async () => {
    const storage = { accessModes: ['ReadWriteOnce'], storageClassName: 'local-storage' };
    const volume = { ...storage, capacity: { storage: '1Gi' }, hostPath: { path: '/srv/a' } };
    const claim = { ...storage, volumeName: 'pv-a', resources: { requests: { storage: '1Gi' } } };
    await api.call({
      method: 'POST',
      path: '/api/v1/persistentvolumes',
      body: { apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name: 'pv-a' }, spec: volume },
    });
    const claims = '/api/v1/namespaces/default/persistentvolumeclaims';
    const body = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'pvc-a' }, spec: claim };
    await api.call({ method: 'POST', path: claims, body });
    await waitUntil(
      async () => ((await api.call({ path: `${claims}/pvc-a` })) as WithStatus).status?.phase === 'Bound',
      {
        what: 'the claim to be bound',
      },
    );
  });

  it('the registry lists what was pushed and forgets what was deleted', async () => {
    await pushImage(endpoint(), 'sijunkim/listed', 'a', { platforms: ['linux/amd64', 'linux/arm64'] });
    await pushImage(endpoint(), 'sijunkim/listed', 'b');
    expect(await deleteImage(endpoint(), 'sijunkim/listed', 'b')).toBe(true);
    const response = await fetch(`${endpoint()}/v2/sijunkim/listed/tags/list`);
    expect(((await response.json()) as { tags: string[] }).tags).toEqual(['a']);
  });

  it('the Git remote takes commits', async () => {
    const remote = sandbox.git?.url ?? '';
    const first = await pushCommit(remote, 'First', { 'a/b.txt': 'x' });
    const second = await pushCommit(remote, 'Second', { a: null });
    expect(first).toMatch(/^[0-9a-f]{40}$/);
    expect(second).not.toBe(first);
  });

  it('files with credentials can be read by their owner alone', async () => {
    const { mode } = await import('node:fs/promises').then(({ stat }) => stat(sandbox.kubeconfig));
    expect(mode & 0o077).toBe(0);
    expect(await readFile(sandbox.kubeconfig, 'utf8')).toContain('https://127.0.0.1:');
  });

  it('a second sandbox runs beside the first, and its supervisor killed by SIGKILL leaves no process', async () => {
    const directory = join(folder, 'two');
    const args = [resolve('src/cli/prodesk.mjs'), 'sandbox', 'up', '--foreground', '--directory', directory];
    const supervisor = spawn(process.execPath, args, { stdio: 'ignore' });
    await waitUntil(async () => (await readFile(join(directory, 'sandbox.json'), 'utf8')).length > 0, {
      what: 'the second sandbox',
    });
    expect((await processesBelow(directory)).length).toBeGreaterThan(5);
    supervisor.kill('SIGKILL');
    await once(supervisor, 'exit');
    await waitUntil(async () => (await processesBelow(directory)).length === 0, { what: 'the end of all processes' });
    expect((await api.send({ path: '/readyz' })).status).toBe(200);
  });
});
