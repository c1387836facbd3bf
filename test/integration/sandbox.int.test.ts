import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deleteImage, pushImage } from '../../src/sandbox/images.js';
import { KubeApi } from '../../src/sandbox/kube-api.js';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandbox.js';
import { waitUntil } from '../../src/sandbox/wait-until.js';
import { processesBelow } from '../support/processes.js';

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

describe('integration/sandbox', () => {
  it('the registry lists what was pushed and forgets what was deleted', async () => {
    await pushImage(endpoint(), 'sijunkim/listed', 'a', { platforms: ['linux/amd64', 'linux/arm64'] });
    await pushImage(endpoint(), 'sijunkim/listed', 'b');
    expect(await deleteImage(endpoint(), 'sijunkim/listed', 'b')).toBe(true);
    const response = await fetch(`${endpoint()}/v2/sijunkim/listed/tags/list`);
    expect(((await response.json()) as { tags: string[] }).tags).toEqual(['a']);
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
