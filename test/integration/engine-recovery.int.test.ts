import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { StalledError } from '../../src/base/errors.js';
import { listIfPresent } from '../../src/engine/read-if-present.js';
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

let cluster: TestCluster;
let stack: TestStack;

beforeAll(async () => {
  cluster = await startTestCluster();
});
afterAll(() => cluster.stop());
beforeEach(async () => {
  stack = await newTestStack(cluster);
});
afterEach(async () => {
  cluster.gate.reopen();
  await stack.stop();
});

/** Processes whose environment names the stack's folder: the worker and the commands it runs. */
async function processesOf({ directory }: TestStack): Promise<number[]> {
  const found: number[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
    if (environment.includes(directory)) {
      found.push(Number(pid));
    }
  }
  return found;
}

async function locksOf({ lockFolder }: TestStack): Promise<string[]> {
  return (await listIfPresent(lockFolder)).filter((name) => name.endsWith('.json'));
}

describe('integration/engine-recovery', () => {
  it('after the worker and its pulumi are killed amid an update, the next update converges by itself', async () => {
    await stack.engine.update(requestFor([webApp('one')]));
    const arrived = cluster.gate.shut();
    const update = stack.engine.update(requestFor([webApp('one', 'v2'), webApp('two')]));
    const outcome = expect(update).rejects.toMatchObject({ code: 'engine/crashed', disposition: 'retry' });
    await arrived;
    expect(await locksOf(stack)).toHaveLength(1);
    for (const pid of await processesOf(stack)) {
      process.kill(pid, 'SIGKILL');
    }
    await outcome;
    cluster.gate.reopen();

    const result = await stack.engine.update(requestFor([webApp('one', 'v2'), webApp('two')]));

    expect(result.failures).toEqual([]);
    expect(await locksOf(stack)).toEqual([]);
    expect(await liveOf(cluster.plane, pathOf('deployments', 'two'))).toBeDefined();
    const preview = await stack.engine.preview(
      requestFor([webApp('one', 'v2'), webApp('two')], { scope: 'whole', adopt: false }),
    );
    expect(preview.changes.filter(({ operation }) => operation !== 'same')).toEqual([]);
  });

  it('after the daemon itself is killed, its worker ends by itself, and another daemon converges', async () => {
    await stack.engine.update(requestFor([webApp('one')]));
    await stack.engine.close();
    const arrived = cluster.gate.shut();
    const daemon = stack.startDaemon(requestFor([webApp('one', 'v2'), webApp('two')]));
    await arrived;
    daemon.kill('SIGKILL');
    cluster.gate.reopen();
    await waitUntil(async () => (await processesOf(stack)).length === 0, { what: 'the end of the worker' });

    await stack.engine.recover();
    const result = await stack.engine.update(requestFor([webApp('one', 'v2'), webApp('two')]));

    expect(result.failures).toEqual([]);
    expect(await liveOf(cluster.plane, pathOf('deployments', 'two'))).toBeDefined();
  });

  it('two daemons at once: the second finds the stack busy, and nothing is lost', async () => {
    await stack.engine.update(requestFor([webApp('one')]));
    const arrived = cluster.gate.shut();
    const daemon = stack.startDaemon(requestFor([webApp('one', 'v2')]));
    const ended = new Promise((resolve) => daemon.once('exit', resolve));
    await arrived;

    await stack.engine.recover();
    await expect(stack.engine.update(requestFor([webApp('two')]))).rejects.toMatchObject({ code: 'engine/busy' });

    cluster.gate.reopen();
    expect(await ended).toBe(0);
    expect((await stack.engine.update(requestFor([webApp('two')]))).failures).toEqual([]);
    const preview = await stack.engine.preview(requestFor([webApp('one', 'v2'), webApp('two')], { scope: 'whole' }));
    expect(preview.changes.filter(({ operation }) => operation !== 'same')).toEqual([]);
  });

  it('objects that a killed update made are adopted by the next one, and are the same ones after', async () => {
    const arrived = cluster.gate.shut();
    const update = stack.engine.update(requestFor([webApp('one')]));
    const outcome = expect(update).rejects.toMatchObject({ code: 'engine/crashed' });
    await arrived;
    for (const pid of await processesOf(stack)) {
      process.kill(pid, 'SIGKILL');
    }
    await outcome;
    cluster.gate.reopen();
    await cluster.plane.send({
      method: 'PATCH',
      path: `${pathOf('configmaps', 'one')}?fieldManager=prodesk&force=true`,
      contentType: 'application/apply-patch+yaml',
      body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'one' }, data: { greeting: 'half' } },
    });
    const before = await liveOf(cluster.plane, pathOf('configmaps', 'one'));

    expect((await stack.engine.update(requestFor([webApp('one')]))).failures).toEqual([]);

    const after = await liveOf(cluster.plane, pathOf('configmaps', 'one'));
    expect(after).toMatchObject({ data: { greeting: 'hello' } });
    expect((after?.['metadata'] as { uid: string }).uid).toBe((before?.['metadata'] as { uid: string }).uid);
  });

  it('a stopped update ends with the reason it was stopped for, and leaves no process and no lock', async () => {
    await stack.stop();
    stack = await newTestStack(cluster, { graceMs: 500 });
    await stack.engine.update(requestFor([webApp('one')]));
    const arrived = cluster.gate.shut();
    const controller = new AbortController();
    const update = stack.engine.update(requestFor([webApp('one', 'v2')]), { signal: controller.signal });
    const outcome = expect(update).rejects.toMatchObject({ code: 'cancelled/superseded', disposition: 'cancelled' });
    await arrived;
    controller.abort();
    await outcome;
    cluster.gate.reopen();

    const result = await stack.engine.update(requestFor([webApp('one', 'v3')]));
    expect(result.failures).toEqual([]);
    expect(await locksOf(stack)).toEqual([]);
    await stack.engine.close();
    expect(await processesOf(stack)).toEqual([]);
  });

  it('a signal that fired before the call starts nothing', async () => {
    const reason = new StalledError('engine/failed', 'enough');
    await expect(stack.engine.update(requestFor([webApp('one')]), { signal: AbortSignal.abort(reason) })).rejects.toBe(
      reason,
    );
    expect(await processesOf(stack)).toEqual([]);
  });

  it('the lock of another living process is respected, and that of a dead one is broken by recovery', async () => {
    await stack.engine.update(requestFor([webApp('one')]));
    await mkdir(stack.lockFolder, { recursive: true });
    const lock = { username: 'ann', hostname: hostname(), timestamp: new Date().toISOString() };
    const path = join(stack.lockFolder, '00000000.json');
    await writeFile(path, JSON.stringify({ ...lock, pid: process.pid }));

    await stack.engine.recover();
    await expect(stack.engine.update(requestFor([webApp('one', 'v2')]))).rejects.toMatchObject({
      code: 'engine/busy',
      message: expect.stringContaining(`process ${process.pid}`) as unknown,
    });

    await writeFile(path, JSON.stringify({ ...lock, pid: 2 ** 22 + 1 }));
    await stack.engine.recover();
    expect((await stack.engine.update(requestFor([webApp('one', 'v2')]))).failures).toEqual([]);
  });

  it.each(['half of it', 'an empty file', 'zeroes'])(
    'a state file of which a crash left %s is restored',
    async (what) => {
      await stack.engine.update(requestFor([webApp('one')]));
      const good = await readFile(stack.stateFile, 'utf8');
      const broken = { 'half of it': good.slice(0, good.length / 2), 'an empty file': '', zeroes: '\0'.repeat(500) }[
        what
      ];
      await writeFile(stack.stateFile, broken ?? '');
      await expect(stack.engine.outputs()).rejects.toMatchObject({ code: 'engine/crashed' });
      await expect(stack.engine.update(requestFor([webApp('one')]))).rejects.toMatchObject({ code: 'engine/crashed' });

      await stack.engine.recover();

      expect(await stack.engine.outputs()).toMatchObject({ fingerprints: { one: 'f' } });
      const result = await stack.engine.update(requestFor([webApp('one')]));
      expect(result.changes.filter(({ operation }) => operation !== 'same')).toEqual([]);
    },
  );

  it('a state file that is lost for good is rebuilt from the cluster by adoption', async () => {
    await stack.engine.update(requestFor([webApp('one')]));
    const before = await liveOf(cluster.plane, pathOf('deployments', 'one'));
    await rm(join(stack.directory, 'backend'), { recursive: true });
    await stack.engine.recover();

    const result = await stack.engine.update(requestFor([webApp('one')]));

    expect(result.failures).toEqual([]);
    const after = await liveOf(cluster.plane, pathOf('deployments', 'one'));
    expect((after?.['metadata'] as { uid: string }).uid).toBe((before?.['metadata'] as { uid: string }).uid);
  });

  it('pending operations of an interrupted pulumi command are cleared', async () => {
    await stack.engine.update(requestFor([webApp('one')]));
    const state = JSON.parse(await readFile(stack.stateFile, 'utf8')) as {
      checkpoint: { latest: { resources: { urn: string }[]; pending_operations?: unknown[] } };
    };
    const [resource] = state.checkpoint.latest.resources.filter(({ urn }) => urn.endsWith('ConfigMap/prodesk/one'));
    state.checkpoint.latest.pending_operations = [{ type: 'creating', resource }];
    await writeFile(stack.stateFile, JSON.stringify(state));

    await stack.engine.recover();

    expect(await readFile(stack.stateFile, 'utf8')).not.toContain('"type":"creating"');
    expect((await stack.engine.update(requestFor([webApp('one')]))).failures).toEqual([]);
  });

  it('recovery of a stack that was never there does nothing', async () => {
    await stack.engine.recover();
    expect(await stack.engine.outputs()).toEqual({ images: {}, fingerprints: {} });
    expect(await processesOf(stack)).toEqual([]);
  });

  it('an API server that is down makes the update fail as a whole, to be tried again, and nothing is lost', async () => {
    await stack.engine.update(requestFor([webApp('one')]));
    await cluster.plane.killApiServer();
    try {
      await expect(stack.engine.update(requestFor([webApp('one', 'v2')]))).rejects.toMatchObject({
        code: 'cluster/unreachable',
        disposition: 'retry',
      });
    } finally {
      await cluster.plane.startApiServer();
    }
    expect((await stack.engine.update(requestFor([webApp('one', 'v2')]))).failures).toEqual([]);
  });

  it('an idle worker goes, and its memory with it', async () => {
    await stack.stop();
    stack = await newTestStack(cluster, { idleMs: 50 });
    await stack.engine.update(requestFor([webApp('one')]));
    await waitUntil(async () => (await processesOf(stack)).length === 0, { what: 'the end of the worker' });
    expect((await stack.engine.update(requestFor([webApp('one', 'v2')]))).failures).toEqual([]);
  });

  it('a wrong passphrase is said to be one', async () => {
    await stack.engine.update(requestFor([webApp('one')]));
    const settings = join(stack.directory, 'workspace', `Pulumi.${ID.stack}.yaml`);
    const salt = await readFile(settings, 'utf8');
    const other = await newTestStack(cluster, { passphrase: 'other' });
    try {
      await promisify(execFile)('cp', ['-r', join(stack.directory, 'backend'), other.directory]);
      await writeFile(join(other.directory, 'workspace', `Pulumi.${ID.stack}.yaml`), salt);
      await expect(other.engine.update(requestFor([webApp('one')]))).rejects.toMatchObject({
        code: 'engine/passphrase',
      });
    } finally {
      await other.stop();
    }
  });
});
