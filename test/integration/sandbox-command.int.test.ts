import { execFile } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readBehavior } from '../../src/sandbox/images.js';
import { findProcesses, waitUntilGone, waitUntilNoneHas } from '../support/living-processes.js';

const ENTRY = fileURLToPath(new URL('../../src/cli/prodesk.mjs', import.meta.url));

interface Result {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface Status {
  readonly running: boolean;
  readonly components: readonly { readonly name: string; readonly pid: number; readonly address?: string }[];
}

describe('integration/sandbox-command', () => {
  let directory: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'prodesk-command-'));
  });

  afterEach(async () => {
    await prodesk('down');
    await rm(directory, { recursive: true, force: true });
  });

  function prodesk(...args: string[]): Promise<Result> {
    return new Promise((resolve) => {
      execFile(process.execPath, [ENTRY, 'sandbox', ...args, '--directory', directory], (error, stdout, stderr) =>
        resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
      );
    });
  }

  async function status(): Promise<Status> {
    return JSON.parse((await prodesk('status', '--json')).stdout) as Status;
  }

  it('up leaves a sandbox running that status, env and push-image find, and down ends it', async () => {
    const up = await prodesk('up');
    expect(up).toMatchObject({ code: 0, stderr: expect.stringContaining('kube-apiserver is ready') as string });

    const { running, components } = await status();
    expect(running).toBe(true);
    expect(components.map(({ name }) => name).sort()).toEqual([
      'etcd',
      'kube-apiserver',
      'kube-controller-manager',
      'kube-scheduler',
      'kwok',
      'registry',
    ]);

    const env = await prodesk('env');
    expect(env.stdout).toContain(`export KUBECONFIG='${directory}/kubeconfig'`);
    expect(env.stdout).toContain(`export PRODESK_GIT_URL='${directory}/git/prodesk.git'`);
    expect((await stat(join(directory, 'sandbox.json'))).mode & 0o777).toBe(0o600);

    const pushed = await prodesk('push-image', 'ghcr.io/owner/app:master-1', '--behavior', 'crash');
    const registry = components.find(({ name }) => name === 'registry')?.address ?? '';
    expect(pushed.stdout).toMatch(/^sha256:[0-9a-f]{64}\n$/);
    expect(await readBehavior(registry, 'owner/app', 'master-1')).toBe('crash');

    expect((await prodesk('up')).stdout).toBe(`the sandbox in ${directory} runs already\n`);
    expect((await prodesk('down')).stdout).toBe('stopped\n');
    expect(await findProcesses(directory)).toEqual([]);
    expect(await prodesk('status')).toMatchObject({ code: 3, stdout: expect.stringContaining('no sandbox') as string });
  });

  it('killing the keeper by SIGKILL leaves no process, and up starts afresh', async () => {
    await prodesk('up');
    const { components } = await status();
    const pids = components.map(({ pid }) => pid);
    process.kill(await keeperOf(directory), 'SIGKILL');

    expect(pids).toHaveLength(6);
    await waitUntilGone(pids);
    await waitUntilNoneHas(directory);
    expect((await status()).running).toBe(false);
    expect((await prodesk('up')).code).toBe(0);
    expect((await status()).running).toBe(true);
  });

  it('a component that dies takes the sandbox with it', async () => {
    await prodesk('up');
    const { components } = await status();
    const etcd = components.find(({ name }) => name === 'etcd');
    process.kill(etcd?.pid ?? 0, 'SIGKILL');

    await waitUntilNoneHas(directory);
    expect((await status()).running).toBe(false);
  });

  it.each([
    [['push-image', 'ghcr.io/owner/app:1', '--behavior', 'explode'], 'explode: use crash, never-ready or oom'],
    [['push-image', 'ghcr.io/owner/app:1', '--created', 'noon'], '--created noon: write a time'],
    [['push-image', 'mysql:8.0.37'], 'stands for ghcr.io only'],
  ])('%j is refused', async (args, message) => {
    const { code, stderr } = await prodesk(...args);

    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });

  it.each(['env', 'push-image'])('%s without a sandbox says how to start one', async (command) => {
    const { code, stderr } = await prodesk(command, ...(command === 'push-image' ? ['ghcr.io/owner/app:1'] : []));

    expect(code).toBe(1);
    expect(stderr).toContain('start it with: prodesk sandbox up');
  });
});

/** The process that keeps a sandbox, by its command line. */
async function keeperOf(directory: string): Promise<number> {
  const lines = await findProcesses(`sandbox up --foreground --directory ${directory}`);
  return Number(lines[0]?.trim().split(/\s+/)[0]);
}
