import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCommand } from '../../src/sandbox/run-command.js';
import { readPin } from '../../src/sandbox/toolchain/pins.js';
import { PROGRAMS } from '../../src/sandbox/toolchain/programs.js';
import { waitUntilNoneHas } from '../support/living-processes.js';

const MODULE = fileURLToPath(new URL('../../src/sandbox/toolchain.ts', import.meta.url));
/** Prints progress as lines, then the path. */
const PROGRAM = `
  import { ensureProgram } from ${JSON.stringify(MODULE)};
  console.log('path ' + (await ensureProgram('crane', (line) => console.log(line))));
`;

describe('integration/sandbox-toolchain', () => {
  let cache: string;

  beforeEach(async () => {
    cache = await mkdtemp(join(tmpdir(), 'prodesk-cache-'));
  });

  afterEach(async () => {
    await rm(cache, { recursive: true, force: true });
  });

  /** A process of its own that needs crane, with an empty cache of programs but the user's cache of compiled packages. */
  async function startNeedy(): Promise<ChildProcess> {
    const goCache = await runCommand('go', ['env', 'GOCACHE']).catch(() => '');
    return spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', PROGRAM], {
      env: { ...process.env, XDG_CACHE_HOME: cache, GOCACHE: goCache.trim() || join(cache, 'go') },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
  }

  async function linesOf(child: ChildProcess): Promise<string[]> {
    const chunks: string[] = [];
    child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk.toString('utf8')));
    await new Promise((resolve) => child.once('close', resolve));
    return chunks.join('').trim().split('\n');
  }

  it('of two processes that need a program one gets it, both find it, and it is the pinned one', async () => {
    const outputs = await Promise.all([startNeedy().then(linesOf), startNeedy().then(linesOf)]);
    const paths = outputs.map((lines) => lines.at(-1)?.replace('path ', '') ?? '');
    const { version } = await readPin(PROGRAMS.crane, '');

    expect(paths[0]).toBe(paths[1]);
    expect(outputs.flat().filter((line) => /^(downloading|built) /.test(line)).length).toBeGreaterThan(0);
    expect(outputs.filter((lines) => lines.some((line) => /^downloading /.test(line)))).toHaveLength(1);
    expect((await runCommand(paths[0] ?? '', ['version'])).trim().replace(/^v?/, 'v')).toBe(version);
    expect(await readdir(dirname(paths[0] ?? ''))).toEqual(['crane']);
  });

  it('a process that is killed on the way leaves no half program, and the next one goes on', async () => {
    const killed = await startNeedy();
    await new Promise((resolve) => killed.stdout?.once('data', resolve));
    killed.kill('SIGKILL');
    await waitUntilNoneHas(cache);
    const [group = ''] = await readdir(join(cache, 'prodesk/toolchain'));
    expect(await readdir(join(cache, 'prodesk/toolchain', group, 'bin'))).not.toContain('crane');

    const lines = await linesOf(await startNeedy());
    const path = lines.at(-1)?.replace('path ', '') ?? '';
    expect(await readdir(dirname(path))).toEqual(['crane']);
  });
});
