import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KubeApi } from '../../src/sandbox/kube-api.js';
import { startSandbox } from '../../src/sandbox/sandbox.js';
import { superviseProcess } from '../../src/sandbox/supervised-process.js';
import { waitUntil } from '../../src/sandbox/wait-until.js';
import { findProcesses, waitUntilGone, waitUntilNoneHas } from '../support/living-processes.js';

const STUBBORN = 'trap "echo asked" TERM; echo up; while :; do sleep 0.1; done';

describe('integration/sandbox-processes', () => {
  let directory: string;
  let logFile: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'prodesk-processes-'));
    logFile = join(directory, 'log');
  });

  afterEach(async () => {
    await rm(directory, { recursive: true, force: true });
  });

  function superviseShell(script: string, graceMs?: number) {
    return superviseProcess({
      name: 'test',
      program: '/bin/sh',
      args: ['-c', script, directory],
      env: { PATH: process.env['PATH'] },
      logFile,
      ...(graceMs === undefined ? {} : { graceMs }),
    });
  }

  async function waitForLog(text: string): Promise<void> {
    await waitUntil(async () => (await readFile(logFile, 'utf8')).includes(text), { what: `"${text}" in the log` });
  }

  describe('one process', () => {
    it('it ends when asked, and nothing is left of its group', async () => {
      const supervised = await superviseShell('echo up; exec sleep 1000');
      await waitForLog('up');
      await supervised.stop();

      expect(await supervised.exited).toEqual({ code: null, signal: 'SIGTERM' });
      await waitUntilNoneHas(directory);
    });

    it('it is ended by force when it does not end in time', async () => {
      const supervised = await superviseShell(STUBBORN, 300);
      await waitForLog('up');
      await supervised.stop();

      expect(await supervised.exited).toEqual({ code: null, signal: 'SIGKILL' });
      expect(await readFile(logFile, 'utf8')).toMatch(/asked\n$/);
      await waitUntilNoneHas(directory);
    });

    it('its children end with it', async () => {
      const supervised = await superviseShell(`sh -c 'exec sleep 1000' ${directory} & echo up; wait`);
      await waitForLog('up');
      await supervised.stop();

      await waitUntilNoneHas(directory);
    });

    it('it tells how it ended by itself', async () => {
      const supervised = await superviseShell('echo broken >&2; exit 3');

      expect(await supervised.exited).toEqual({ code: 3, signal: null });
      expect(await readFile(logFile, 'utf8')).toBe('broken\n');
      await waitUntilNoneHas(directory);
    });

    it.each(['SIGKILL', 'SIGTERM'] as const)(
      'it ends when its supervisor ends by %s, even if it is stubborn',
      async (signal) => {
        const module = fileURLToPath(new URL('../../src/sandbox/supervised-process.ts', import.meta.url));
        const options = { name: 'x', program: '/bin/sh', args: ['-c', STUBBORN, directory], logFile, graceMs: 300 };
        const program = `
        import { superviseProcess } from ${JSON.stringify(module)};
        const { pid } = await superviseProcess(${JSON.stringify(options)});
        process.stdout.write(String(pid));
      `;
        const supervisor = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', program], {
          stdio: ['ignore', 'pipe', 'inherit'],
        });
        const pid = await new Promise<number>((resolve) =>
          supervisor.stdout.once('data', (data) => resolve(Number(data))),
        );
        await waitForLog('up');
        supervisor.kill(signal);

        await waitUntilGone([pid]);
        await waitUntilNoneHas(directory);
      },
    );
  });

  describe('a sandbox', () => {
    it('two live side by side, each in its own folder, and stopping leaves nothing', async () => {
      const directories = [join(directory, 'one'), join(directory, 'two')];
      const sandboxes = await Promise.all(
        directories.map((folder) => startSandbox({ directory: folder, components: ['cluster'], log: () => undefined })),
      );
      const [one, two] = sandboxes.map(({ access }) => new KubeApi(access ?? { server: '', authority: '' }));
      await one?.call({ method: 'POST', path: '/api/v1/namespaces', body: { metadata: { name: 'only-here' } } });

      expect((await one?.send({ path: '/api/v1/namespaces/only-here' }))?.status).toBe(200);
      expect((await two?.send({ path: '/api/v1/namespaces/only-here' }))?.status).toBe(404);
      one?.close();
      two?.close();

      const pids = sandboxes.flatMap(({ components }) => components.map(({ pid }) => pid));
      await Promise.all(sandboxes.map((sandbox) => sandbox.stop()));
      expect(pids).toHaveLength(10);
      await waitUntilGone(pids);
      expect(await findProcesses(directory)).toEqual([]);
    });

    it('a folder in use is refused, and is free after the stop', async () => {
      const options = { directory, components: ['registry'] as const, log: () => undefined };
      const first = await startSandbox(options);

      await expect(startSandbox(options)).rejects.toThrow('has a sandbox in');
      await first.stop();
      const second = await startSandbox(options);
      await second.stop();
      await second.stop();
    });

    it('it tells when one of its processes ends by itself', async () => {
      const sandbox = await startSandbox({ directory, components: ['registry'], log: () => undefined });
      const [registry] = sandbox.components;
      process.kill(registry?.pid ?? 0, 'SIGKILL');

      expect(await sandbox.broken).toBe('registry ended by itself (SIGKILL)');
      await sandbox.stop();
    });

    it('a start that fails leaves no process, and says what its log says', async () => {
      const log: string[] = [];
      const variable = 'PRODESK_KUBE_APISERVER_BIN';
      process.env[variable] = '/bin/false';
      try {
        const starting = startSandbox({ directory, log: (line) => log.push(line) });
        await expect(starting).rejects.toThrow('kube-apiserver ended while it started');
      } finally {
        Reflect.deleteProperty(process.env, variable);
      }

      expect(log).toContain('etcd is ready');
      expect(await findProcesses(directory)).toEqual([]);
    });
  });
});
