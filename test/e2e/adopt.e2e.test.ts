import { execFile } from 'node:child_process';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importFolder } from '../../src/cli/import-apps.js';
import { parseManifests } from '../../src/migration/parse-manifests.js';
import { pushCommit } from '../../src/sandbox/git-remote.js';
import { waitUntil } from '../../src/sandbox/wait-until.js';
import { createNamespace } from '../support/kube-objects.js';
import { type RunningStage, startStage } from './running-stage.js';

const PROJECT = resolve(import.meta.dirname, '../..');
const DEPLOYMENT = '/apis/apps/v1/namespaces/store/deployments/store';
const MANIFESTS = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: store, namespace: store}
spec:
  replicas: 2
  selector: {matchLabels: {app: store}}
  template:
    metadata: {labels: {app: store}}
    spec:
      containers: [{name: store, image: "registry.k8s.io/pause:3.9", ports: [{containerPort: 3000}]}]
---
apiVersion: v1
kind: Service
metadata: {name: store, namespace: store}
spec: {selector: {app: store}, ports: [{port: 3000, targetPort: 3000}]}
`;

interface Live {
  readonly metadata: {
    readonly uid: string;
    readonly generation?: number;
    readonly labels?: Readonly<Record<string, string>>;
    readonly managedFields?: readonly { readonly manager?: string }[];
  };
  readonly spec?: unknown;
  readonly status?: { readonly readyReplicas?: number };
}

let running: RunningStage;
let clone: string;
beforeAll(async () => {
  running = await startStage();
  await applyAsArgo();
  await commitApplication();
  await running.stage.waitForApp('store', 'known to the daemon', ({ automated }) => !automated);
});
afterAll(() => running.stop());

async function applyAsArgo(): Promise<void> {
  const { api } = running.stage;
  await createNamespace(api, 'store');
  const collections = ['/apis/apps/v1/namespaces/store/deployments', '/api/v1/namespaces/store/services'];
  for (const [index, { manifest }] of parseManifests(MANIFESTS, 'store.yaml').objects.entries()) {
    const path = `${collections[index] ?? ''}?fieldManager=argocd-controller`;
    await api.call({ method: 'POST', path, body: manifest });
  }
  await waitUntil(async () => (await live()).status?.readyReplicas === 2, { what: 'both pods' });
}

/** Imported, and synced only when asked: adoption is a decision of a person. */
async function commitApplication(): Promise<void> {
  const { directory } = running.stage.sandbox;
  const manifests = join(directory, 'manifests');
  await mkdir(manifests);
  await writeFile(join(manifests, 'store.yaml'), MANIFESTS);
  await pushCommit(running.stage.remote, 'Import the store', async (work) => {
    const out = join(work, 'apps');
    await importFolder({ path: manifests, name: 'store', project: PROJECT, out, force: false, dryRun: false });
    const file = join(out, 'store/app.ts');
    await writeFile(file, (await readFile(file, 'utf8')).replace("sync: 'auto'", "sync: 'manual'"));
  });
  clone = join(directory, 'clone');
  await promisify(execFile)('git', ['clone', '--quiet', running.stage.remote, clone]);
  await symlink(join(PROJECT, 'node_modules'), join(clone, 'node_modules'));
}

async function live(): Promise<Live> {
  return (await running.stage.api.call({ path: DEPLOYMENT })) as Live;
}

async function podUids(): Promise<string[]> {
  const pods = await running.stage.api.call({ path: '/api/v1/namespaces/store/pods' });
  return (pods as { readonly items: readonly Live[] }).items.map(({ metadata }) => metadata.uid).sort();
}

function adopt(
  ...args: string[]
): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  const { PATH = '', HOME = '' } = process.env;
  const { env } = running.stage;
  const path = `${dirname(env['PRODESK_PULUMI_PROGRAM'] ?? '')}:${PATH}`;
  return new Promise((done) => {
    execFile(
      process.execPath,
      [join(PROJECT, 'src/cli/prodesk.mjs'), 'adopt', 'store', ...args],
      { cwd: clone, env: { ...env, HOME, PATH: path } },
      (error, stdout, stderr) => done({ code: error === null ? 0 : Number(error.code ?? -1), stdout, stderr }),
    );
  });
}

describe('adopting what Argo CD made, while the daemon runs', () => {
  it('reports every field first, then the daemon takes the objects over and no pod restarts', async () => {
    const [uids, before] = [await podUids(), await live()];
    const plan = await adopt('--dry-run', '--json');
    expect(plan.code, plan.stderr).toBe(3);
    const steps = JSON.parse(plan.stdout) as { readonly effect: string; readonly fields: readonly string[] }[];
    expect(steps.map(({ effect }) => effect)).toEqual(['metadata', 'metadata']);
    for (const { fields } of steps) {
      expect(fields).toContain('/metadata/labels');
      expect(fields.filter((field) => !/^\/metadata\/(labels|annotations)/.test(field))).toEqual([]);
    }
    expect(await live()).toMatchObject({ metadata: { generation: before.metadata.generation } });

    const done = await adopt();
    expect(done.code, done.stderr).toBe(0);
    expect(done.stderr).toContain('store: adopted');
    const after = await live();
    expect(after.metadata.labels).toEqual({ 'prodesk.dev/app': 'store' });
    expect(after.metadata.managedFields?.map(({ manager }) => manager)).toContain('prodesk');
    expect(after.metadata.uid).toBe(before.metadata.uid);
    // Annotations alone raise the generation of a Deployment: what counts for pods is the specification.
    expect(after.spec).toEqual(before.spec);
    expect(await podUids()).toEqual(uids);
    await running.stage.waitForApp('store', 'Synced and Healthy', ({ sync, health }) => {
      return sync === 'Synced' && health.status === 'Healthy';
    });
  });
});
