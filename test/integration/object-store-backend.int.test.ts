import { mkdtemp, rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findFreePorts } from '../../src/sandbox/free-ports.js';
import { superviseProcess, type SupervisedProcess } from '../../src/sandbox/supervised-process.js';
import { ensureProgram } from '../../src/sandbox/toolchain.js';
import { waitUntil } from '../../src/sandbox/wait-until.js';
import {
  ID,
  liveOf,
  newTestStack,
  pathOf,
  requestFor,
  startTestCluster,
  webApp,
  type TestCluster,
  type TestStack,
} from '../engine/test-engine.js';

const CREDENTIALS = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_REGION: 'us-east-1' };

let folder: string;
let store: SupervisedProcess;
let address: string;
let cluster: TestCluster;
let stack: TestStack;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'prodesk-store-'));
  const program = await ensureProgram('gofakes3', (line) => process.stderr.write(`${line}\n`));
  const [port = 0] = await findFreePorts(1);
  address = `127.0.0.1:${port}`;
  store = await superviseProcess({
    name: 'object store',
    program,
    args: ['-backend', 'memory', '-initialbucket', 'state', '-host', address],
    cwd: folder,
    env: {},
    logFile: join(folder, 'store.log'),
  });
  await waitUntil(async () => (await fetch(`http://${address}/`)).ok || undefined, { what: 'the object store' });
  cluster = await startTestCluster();
});
afterAll(async () => {
  await cluster.stop();
  await store.stop();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  const backendUrl = `s3://state?endpoint=${address}&disableSSL=true&s3ForcePathStyle=true`;
  stack = await newTestStack(cluster, { backendUrl, environment: CREDENTIALS });
});
afterEach(() => stack.stop());

describe('integration/object-store-backend', () => {
  it('a stack in an object store is created, updated and read, and its next preview shows no change', async () => {
    await stack.engine.recover();
    expect((await stack.engine.update(requestFor([webApp('one'), webApp('two')]))).failures).toEqual([]);
    const { changes } = await stack.engine.update(requestFor([webApp('one', 'v2')]));

    expect(changes.filter(({ operation }) => operation === 'update')).toHaveLength(1);
    expect(await stack.engine.outputs()).toMatchObject({ fingerprints: { one: 'f' } });
    const apps = [webApp('one', 'v2'), webApp('two')];
    const preview = await stack.engine.preview(requestFor(apps, { scope: 'whole', adopt: false }));
    expect(preview.changes.filter(({ operation }) => operation !== 'same')).toEqual([]);
    await stack.engine.update(requestFor([], { remove: ['two'] }));
    expect(await liveOf(cluster.plane, pathOf('deployments', 'two'))).toBeUndefined();
    expect(await stack.engine.resources()).not.toContainEqual(expect.stringContaining('two'));
  });

  it("a dead process's lock in an object store is broken, and that of a living one or of another host is not", async () => {
    await stack.engine.update(requestFor([webApp('locked')]));
    const lock = async (made: { pid: number; hostname: string }): Promise<void> => {
      const body = JSON.stringify({ username: 'ann', timestamp: new Date().toISOString(), ...made });
      const path = `.pulumi/locks/organization/${ID.project}/${ID.stack}/00000000.json`;
      expect((await fetch(`http://${address}/state/${path}`, { method: 'PUT', body })).ok).toBe(true);
    };
    const update = (tag: string) => stack.engine.update(requestFor([webApp('locked', tag)]));

    await lock({ pid: process.pid, hostname: hostname() });
    await expect(update('v2')).rejects.toMatchObject({ code: 'engine/busy' });
    await lock({ pid: 2 ** 22 + 1, hostname: 'elsewhere' });
    await expect(update('v2')).rejects.toMatchObject({ code: 'engine/busy' });
    await lock({ pid: 2 ** 22 + 1, hostname: hostname() });
    expect((await update('v2')).failures).toEqual([]);
  });
});
