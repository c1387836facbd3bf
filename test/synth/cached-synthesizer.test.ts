import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DesiredState } from '../../src/app/desired-state.js';
import { CachedSynthesizer, cacheKeyOf } from '../../src/synth/cached-synthesizer.js';
import type { SynthRequest } from '../../src/synth/port.js';

const REQUEST: SynthRequest = {
  directory: '/c',
  revision: 'c0ffee',
  settings: { settings: { a: '1', b: '2' }, secretKeys: ['x', 'y'] },
};

class CountingSynthesizer {
  runs = 0;
  constructor(private readonly failed: DesiredState['failed'] = {}) {}

  synthesize({ revision }: SynthRequest): Promise<DesiredState> {
    this.runs += 1;
    return Promise.resolve({ revision, apps: {}, disabled: ['old'], failed: this.failed });
  }
}

describe('synth/cached-synthesizer', () => {
  let directory = '';
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'prodesk-test-'));
  });
  afterEach(() => rm(directory, { recursive: true }));

  it('a commit is synthesized once, also over a restart', async () => {
    const inner = new CountingSynthesizer();
    const first = new CachedSynthesizer(inner, directory);
    const state = await first.synthesize(REQUEST);
    await first.synthesize(REQUEST);
    expect(await new CachedSynthesizer(inner, directory).synthesize(REQUEST)).toEqual(state);
    expect(inner.runs).toBe(1);
  });

  it('a commit of which an application failed is synthesized again after a restart', async () => {
    const inner = new CountingSynthesizer({ bad: { message: 'took more than 60 s' } });
    const first = new CachedSynthesizer(inner, directory);
    await first.synthesize(REQUEST);
    await first.synthesize(REQUEST);
    expect(inner.runs).toBe(1);
    await new CachedSynthesizer(inner, directory).synthesize(REQUEST);
    expect(inner.runs).toBe(2);
  });

  it('a working tree is synthesized each time', async () => {
    const inner = new CountingSynthesizer();
    const cached = new CachedSynthesizer(inner, directory);
    await cached.synthesize({ ...REQUEST, revision: 'working-tree' });
    await cached.synthesize({ ...REQUEST, revision: 'working-tree' });
    expect(inner.runs).toBe(2);
  });

  it('a damaged file is as good as none', async () => {
    const inner = new CountingSynthesizer();
    await new CachedSynthesizer(inner, directory).synthesize(REQUEST);
    const [file = ''] = await readdir(directory);
    for (const damage of ['{', '{"revision":1}']) {
      await writeFile(join(directory, file), damage);
      await new CachedSynthesizer(inner, directory).synthesize(REQUEST);
    }
    expect(inner.runs).toBe(3);
  });

  it.each([
    ['another commit', { ...REQUEST, revision: 'decade' }],
    ['another value', { ...REQUEST, settings: { ...REQUEST.settings, settings: { a: '1', b: '3' } } }],
    ['another secret', { ...REQUEST, settings: { ...REQUEST.settings, secretKeys: ['x'] } }],
  ])('%s is another entry', (_what, request) => {
    expect(cacheKeyOf(request)).not.toBe(cacheKeyOf(REQUEST));
  });

  it('the order of keys and the directory do not matter', () => {
    const settings = { settings: { b: '2', a: '1' }, secretKeys: ['y', 'x'] };
    expect(cacheKeyOf({ ...REQUEST, settings })).toBe(cacheKeyOf(REQUEST));
  });
});
