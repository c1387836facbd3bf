import { mkdtemp, readdir, readFile, rm, writeFile, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Downloader } from '../../../src/sandbox/toolchain/download.js';
import { isExecutable } from '../../../src/sandbox/toolchain/install.js';
import { Toolchain, type ToolchainOptions } from '../../../src/sandbox/toolchain/toolchain.js';

/** A machine that has nothing, cannot download, and builds at once; each test gives it what it is about. */
class Machine {
  readonly built: string[] = [];
  readonly told: string[] = [];
  time = 0;

  constructor(readonly cache: string) {}

  toolchain(options: Partial<ToolchainOptions> = {}): Toolchain {
    return new Toolchain({
      env: {},
      cache: this.cache,
      platform: { os: 'linux', arch: 'amd64' },
      downloader: new Downloader(() => Promise.reject(new Error('offline'))),
      readPin: ({ group }) =>
        Promise.resolve({ directory: '/pins', version: 'v1.0.0', goVersion: '1.26.0', key: `${group}-key` }),
      isExecutable,
      findOnPath: () => Promise.resolve(undefined),
      installRelease: () => Promise.reject(new Error('offline')),
      buildProgram: async ({ name }, _pin, target) => {
        this.built.push(name);
        await writeFile(target, `built ${name}`, { mode: 0o755 });
      },
      now: () => this.time,
      ...options,
    });
  }

  readonly tell = (line: string): void => void this.told.push(line);
}

describe('sandbox/toolchain/toolchain', () => {
  let machine: Machine;

  beforeEach(async () => {
    machine = new Machine(await mkdtemp(join(tmpdir(), 'prodesk-toolchain-')));
  });

  afterEach(async () => {
    await rm(machine.cache, { recursive: true });
  });

  describe('order', () => {
    it('a variable wins over everything', async () => {
      const toolchain = machine.toolchain({ env: { PRODESK_ETCD_BIN: process.execPath } });

      expect(await toolchain.ensure(['etcd'], machine.tell)).toEqual({ etcd: process.execPath });
    });

    it('a variable that names nothing that runs is an error, not ignored', async () => {
      const toolchain = machine.toolchain({ env: { PRODESK_ETCD_BIN: '/absent/etcd' } });

      await expect(toolchain.ensure(['etcd'], machine.tell)).rejects.toMatchObject({
        code: 'sandbox/toolchain',
        message: 'PRODESK_ETCD_BIN names /absent/etcd, which is no program that can be run',
      });
    });

    it('the cache wins over an installed program', async () => {
      const cached = join(machine.cache, 'etcd-key', 'bin', 'etcd');
      await mkdir(join(cached, '..'), { recursive: true });
      await writeFile(cached, '', { mode: 0o755 });
      const toolchain = machine.toolchain({ findOnPath: () => Promise.resolve('/usr/bin/etcd') });

      expect(await toolchain.ensure(['etcd'], machine.tell)).toEqual({ etcd: cached });
    });

    it('an installed program of the pinned version wins over a download', async () => {
      const toolchain = machine.toolchain({
        findOnPath: ({ name }, version) => Promise.resolve(`/usr/bin/${name}@${version}`),
      });

      expect(await toolchain.ensure(['etcd'], machine.tell)).toEqual({ etcd: '/usr/bin/etcd@v1.0.0' });
    });

    it('a download wins over a build', async () => {
      const toolchain = machine.toolchain({
        installRelease: (_downloader, _program, _pin, _release, target) =>
          writeFile(target, 'official', { mode: 0o755 }),
      });
      const { etcd } = await toolchain.ensure(['etcd'], machine.tell);

      expect(await readFile(etcd, 'utf8')).toBe('official');
      expect(machine.built).toEqual([]);
      expect(machine.told).toEqual(['downloading etcd v1.0.0']);
    });

    it('a program that cannot be downloaded is built, once', async () => {
      const toolchain = machine.toolchain();
      const [first, second] = await Promise.all([
        toolchain.ensure(['etcd'], machine.tell),
        toolchain.ensure(['etcd'], machine.tell),
      ]);

      expect(first).toEqual(second);
      expect(await readFile(first.etcd, 'utf8')).toBe('built etcd');
      expect(machine.built).toEqual(['etcd']);
    });
  });

  describe('progress', () => {
    it('says what is built, how far it is, how long it usually takes and how long it took', async () => {
      const toolchain = machine.toolchain({
        platform: { os: 'plan9', arch: 'amd64' },
        buildProgram: async (_program, _pin, target) => {
          machine.time += 5_000;
          await writeFile(target, '', { mode: 0o755 });
        },
      });
      await toolchain.ensure(['crane', 'kwok'], machine.tell);

      expect(machine.told).toEqual([
        'building crane v1.0.0 (1 of 2), usually 5s on two cores',
        'built crane v1.0.0 (1 of 2) in 5s',
        'building kwok v1.0.0 (2 of 2), usually 1m19s on two cores',
        'built kwok v1.0.0 (2 of 2) in 5s',
      ]);
    });

    it('a long build tells that it goes on', async () => {
      let ticked: () => void = () => undefined;
      const tick = new Promise<void>((resolve) => (ticked = resolve));
      const toolchain = machine.toolchain({
        platform: { os: 'plan9', arch: 'amd64' },
        tickMs: 1,
        buildProgram: async (_program, _pin, target) => {
          await tick;
          await writeFile(target, '', { mode: 0o755 });
        },
      });
      await toolchain.ensure(['crane'], (line) => {
        machine.tell(line);
        if (line.includes('so far')) {
          ticked();
        }
      });

      expect(machine.told).toContain('building crane: 0ms so far, usually 5s on two cores');
    });

    it('programs are built one after the other', async () => {
      let running = 0;
      let most = 0;
      const toolchain = machine.toolchain({
        buildProgram: async (_program, _pin, target) => {
          running += 1;
          most = Math.max(most, running);
          await writeFile(target, '', { mode: 0o755 });
          running -= 1;
        },
      });
      await Promise.all([toolchain.ensure(['etcd', 'kwok'], machine.tell), toolchain.ensure(['crane'], machine.tell)]);

      expect(most).toBe(1);
    });
  });

  describe('failure', () => {
    it('a failed build leaves nothing, and the next attempt builds', async () => {
      const failing = machine.toolchain({
        buildProgram: async (_program, _pin, target) => {
          await writeFile(target, 'half');
          throw new Error('no space left');
        },
      });

      await expect(failing.ensure(['etcd'], machine.tell)).rejects.toThrow('no space left');
      expect(await readdir(join(machine.cache, 'etcd-key', 'bin'))).toEqual([]);
      expect(await machine.toolchain().ensure(['etcd'], machine.tell)).toHaveProperty('etcd');
    });

    it('what a killed build left is removed, and what others are building is not', async () => {
      const bin = join(machine.cache, 'kubernetes-key', 'bin');
      await mkdir(bin, { recursive: true });
      await writeFile(join(bin, '.kube-scheduler.99999.tmp'), 'half');
      await writeFile(join(bin, '.kube-scheduler.lock'), JSON.stringify({ pid: 2 ** 30, started: '1' }));
      await writeFile(join(bin, '.kube-apiserver.4.tmp'), 'in the making');
      await machine.toolchain().ensure(['kube-scheduler'], machine.tell);

      expect((await readdir(bin)).sort()).toEqual(['.kube-apiserver.4.tmp', 'kube-scheduler']);
    });
  });
});
