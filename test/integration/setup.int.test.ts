import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { compile, isCompiled, sourceHashOf } from '../../src/cli/setup/compile.mjs';
import { isInstalled, markInstalled } from '../../src/cli/setup/installed.mjs';
import { withSetupLock } from '../../src/cli/setup/setup-lock.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

describe('integration/setup', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'prodesk-setup-'));
  });
  afterEach(() => {
    rmSync(directory, { recursive: true, force: true });
  });

  const write = (path: string, text: string): void => {
    mkdirSync(join(directory, path, '..'), { recursive: true });
    writeFileSync(join(directory, path), text);
  };
  const read = (path: string): string => readFileSync(join(directory, path), 'utf8');

  describe('compile', () => {
    const build = async (): Promise<void> => compile(directory, sourceHashOf(directory, 'lock'));
    beforeEach(() => {
      write('src/cli/main.ts', `import { two } from '../base/two.js';\nexport const four: number = two * 2;\n`);
      write('src/base/two.ts', 'export const two = 2 as const;\n');
      write('src/ui/page.html', '<p>');
      mkdirSync(join(directory, 'node_modules'));
      symlinkSync(join(ROOT, 'node_modules/esbuild'), join(directory, 'node_modules/esbuild'));
      symlinkSync(join(ROOT, 'package.json'), join(directory, 'package.json'));
    });

    it('dist/ mirrors src/ and runs', async () => {
      await build();

      expect(read('dist/ui/page.html')).toBe('<p>');
      const main = (await import(pathToFileURL(join(directory, 'dist/cli/main.js')).href)) as { four: number };
      expect(main.four).toBe(4);
    });

    it('it is current until a source, its name or the lock file changes', async () => {
      await build();
      const isCurrent = (lock = 'lock'): boolean => isCompiled(directory, sourceHashOf(directory, lock));

      expect(isCurrent()).toBe(true);
      expect(isCurrent('other')).toBe(false);
      write('src/ui/page.html', '<b>');
      expect(isCurrent()).toBe(false);
      write('src/ui/page.html', '<p>');
      expect(isCurrent()).toBe(true);
      write('src/ui/new.css', '');
      expect(isCurrent()).toBe(false);
    });

    it('a source that is gone is gone from dist/ too', async () => {
      write('src/base/old.ts', 'export const old = 1;');
      await build();
      expect(existsSync(join(directory, 'dist/base/old.js'))).toBe(true);
      rmSync(join(directory, 'src/base/old.ts'));
      await build();

      expect(existsSync(join(directory, 'dist/base/old.js'))).toBe(false);
    });

    it('a source that cannot be compiled is named with its line, and dist/ stays as it was', async () => {
      await build();
      const before = read('dist/cli/main.js');
      write('src/cli/main.ts', 'export const x = 1;\nconst = 5;\n');

      await expect(build()).rejects.toThrow(/cannot compile src\/[\s\S]*src\/cli\/main\.ts:2:6/);
      expect(read('dist/cli/main.js')).toBe(before);
    });
  });

  describe('installed', () => {
    const locked = JSON.stringify({ packages: { '': {}, 'node_modules/a': { version: '1.0.0' } } });
    beforeEach(() => {
      write('package-lock.json', locked);
    });

    it('a clone without node_modules is not', () => {
      expect(isInstalled(directory, 'hash', 'production')).toBe(false);
    });

    it('what npm installed by hand is, and is known at once the next time', () => {
      write('node_modules/.package-lock.json', locked);
      expect(isInstalled(directory, 'hash', 'all')).toBe(true);
      rmSync(join(directory, 'node_modules/.package-lock.json'));

      expect(isInstalled(directory, 'hash', 'all')).toBe(true);
      expect(isInstalled(directory, 'other', 'all')).toBe(false);
    });

    it('one without development tools will do for running, not for testing', () => {
      mkdirSync(join(directory, 'node_modules'));
      markInstalled(directory, 'hash', 'production');

      expect(isInstalled(directory, 'hash', 'production')).toBe(true);
      expect(isInstalled(directory, 'hash', 'all')).toBe(false);
    });
  });

  describe('lock', () => {
    const lock = (): string => join(directory, 'state/setup.lock');
    /** A process that has ended. */
    const deadPid = (): number => spawnSync('true').pid;

    it('work runs one after the other, and the lock is gone afterwards', async () => {
      const order: string[] = [];
      const work = (name: string) => async (): Promise<void> => {
        order.push(`${name} begins`);
        await new Promise((resolve) => setImmediate(resolve));
        order.push(`${name} ends`);
      };
      const first = spawn(process.execPath, ['--input-type=module', '-e', holderScript(lock())], {
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      const ended = once(first, 'exit');
      await once(first.stdout, 'data');
      const onWait = vi.fn(() => first.stdin.end());
      await withSetupLock(lock(), onWait, work('second'));

      expect(onWait).toHaveBeenCalledExactlyOnceWith(first.pid);
      expect(await ended).toEqual([0, null]);
      expect(order).toEqual(['second begins', 'second ends']);
      expect(existsSync(lock())).toBe(false);
    });

    it('work that fails gives the lock back', async () => {
      const failing = withSetupLock(
        lock(),
        () => undefined,
        () => Promise.reject(new Error('no')),
      );

      await expect(failing).rejects.toThrow('no');
      expect(existsSync(lock())).toBe(false);
    });

    it('the lock of a dead process is taken over without waiting', async () => {
      write('state/setup.lock/owner', JSON.stringify({ pid: deadPid(), started: '1' }));
      const onWait = vi.fn();

      await expect(withSetupLock(lock(), onWait, () => Promise.resolve('done'))).resolves.toBe('done');
      expect(onWait).not.toHaveBeenCalled();
    });

    it('a process that only has the number of the dead owner does not keep it', async () => {
      write('state/setup.lock/owner', JSON.stringify({ pid: process.ppid, started: 'long ago' }));

      await expect(
        withSetupLock(
          lock(),
          () => undefined,
          () => Promise.resolve('done'),
        ),
      ).resolves.toBe('done');
    });

    it('the child of a dead owner keeps it until it ends', async () => {
      const child = spawn('cat', { stdio: ['pipe', 'ignore', 'ignore'] });
      const stat = readFileSync(`/proc/${child.pid}/stat`, 'utf8');
      const started = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
      write('state/setup.lock/owner', JSON.stringify({ pid: deadPid(), started: '1' }));
      write('state/setup.lock/child', JSON.stringify({ pid: child.pid, started }));
      const onWait = vi.fn(() => child.stdin.end());

      await withSetupLock(lock(), onWait, () => Promise.resolve());
      expect(onWait).toHaveBeenCalledTimes(1);
    });

    it('a lock whose maker died before it wrote its name is broken after a while', async () => {
      mkdirSync(lock(), { recursive: true });
      const past = new Date(Date.now() - 60_000);
      utimesSync(lock(), past, past);

      await expect(
        withSetupLock(
          lock(),
          () => undefined,
          () => Promise.resolve('done'),
        ),
      ).resolves.toBe('done');
    });
  });
});

/** Takes the lock, says so, and keeps it until its standard input ends. */
function holderScript(lock: string): string {
  const module = new URL('../../src/cli/setup/setup-lock.mjs', import.meta.url).href;
  return `
    import { withSetupLock } from ${JSON.stringify(module)};
    await withSetupLock(${JSON.stringify(lock)}, () => {}, async () => {
      console.log('held');
      await new Promise((resolve) => process.stdin.resume().once('end', resolve));
    });
  `;
}
