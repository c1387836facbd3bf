import { mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readMemory, rememberedOf, remembersOtherwise, writeMemory } from '../../src/driver/memory.js';
import { application, DEGRADED, HEALTHY, IMAGE, Scenario } from './core/scenario.js';
import { sightOf, staged } from './core/staged.js';

const WEB = application('web', { follows: true });

/** Everything that can be remembered of an application, at once. */
function eventful(): Scenario {
  const scenario = new Scenario().settled(WEB).builds('web', ['master-1', 2]).finish().observe('web', DEGRADED);
  scenario.finish().observe('web', HEALTHY).commit('c2', []).sync('web', false);
  scenario.send({ type: 'pauseRequested', app: 'web', by: 'me', forMs: 1_000, reason: 'a test' });
  return scenario.send({ type: 'pauseRequested', by: 'me' });
}

describe('driver/memory', () => {
  let directory: string;
  let path: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'memory-'));
    path = join(directory, 'state', 'memory.json');
  });
  afterEach(() => rm(directory, { recursive: true }));

  it('gives back what was written', async () => {
    const remembered = rememberedOf(eventful().state);
    expect(remembered.apps['web']).toMatchObject({
      removalHeld: true,
      badImages: [{ tag: 'master-1' }],
      paused: { by: 'me', reason: 'a test' },
    });
    await writeMemory(path, remembered);
    expect(await readMemory(path)).toEqual({ memory: remembered });
  });

  it('gives back what is pinned, with the definition of its commit', async () => {
    const scenario = new Scenario().settled(WEB);
    const goal = { images: { [IMAGE]: 'master-00' }, revision: 'c0', prune: false, by: 'me', reason: 'slow' };
    scenario.send({ type: 'rollbackRequested', app: 'web', ...goal });
    const definition = application('web', { follows: true, note: 'old' });
    scenario.send({
      type: 'definitionRecalled',
      app: 'web',
      source: { definition, revision: 'c0', secretDigest: 'x' },
    });
    await writeMemory(path, rememberedOf(scenario.state));
    const { pin } = scenario.app('web');
    expect(pin?.kept?.definition).toBe(definition);
    expect((await readMemory(path)).memory.apps['web']?.pin).toEqual(pin);
  });

  it('gives back an operation that began', async () => {
    const { state } = new Scenario().settled(WEB).builds('web', ['master-1', 2]);
    await writeMemory(path, rememberedOf(state));
    expect((await readMemory(path)).memory.apps['web']?.attempted).toBe(state.apps['web']?.target?.objectsFingerprint);
  });

  it('how far a sync in stages came is brought back', async () => {
    const scenario = new Scenario()
      .start()
      .commit('c1', [staged('a')])
      .builds('a', ['master-0', 1]);
    const { progress } = rememberedOf(scenario.state).apps['a'] ?? {};
    expect(progress).toMatchObject({ stage: 'pre-sync', applied: false });
    await writeMemory(path, rememberedOf(scenario.state));
    expect((await readMemory(path)).memory.apps['a']?.progress).toEqual(progress);
    scenario.finish();
    scenario.observe('a', sightOf(staged('a'), scenario.state.overrides, { migrate: 'Degraded' }));
    const failed = rememberedOf(scenario.state);
    expect(failed.apps['a']?.progress?.failed?.code).toBe('hook/failed');
    await writeMemory(path, failed);
    expect((await readMemory(path)).memory).toEqual(failed);
  });

  it('is empty when there is no file', async () => {
    expect(await readMemory(path)).toEqual({ memory: { apps: {} } });
  });

  it.each([
    ['torn', '{"version":1,"apps":{"web"'],
    ['empty', ''],
    ['of another version', '{"version":2,"apps":{}}'],
    ['of another shape', '{"version":1,"apps":{"web":{"policy":"auto"}}}'],
  ])('that is %s is told as damaged, and nothing of it is used', async (_what, text) => {
    await writeMemory(path, { apps: {} });
    await writeFile(path, text);
    const { memory, damaged } = await readMemory(path);
    expect(memory).toEqual({ apps: {} });
    expect(damaged).toEqual(expect.any(String));
  });

  it.each([
    ['torn', async (file: string) => truncate(file, 20)],
    ['emptied', async (file: string) => truncate(file, 0)],
  ])('whose newest version was %s gives the one before, and tells of the damage', async (_what, damage) => {
    const remembered = rememberedOf(eventful().state);
    await writeMemory(path, remembered);
    await writeMemory(path, { apps: {} });
    await damage(path);
    expect(await readMemory(path)).toEqual({ memory: remembered, damaged: expect.any(String) as string });
  });

  it('whose newest version was not put in its place before a crash gives the one before', async () => {
    const remembered = rememberedOf(eventful().state);
    await writeMemory(path, remembered);
    await writeMemory(path, { apps: {} });
    await rm(path);
    expect(await readMemory(path)).toEqual({ memory: remembered });
  });

  it('leaves two versions that their owner alone can read', async () => {
    await writeMemory(path, { apps: {} });
    await writeMemory(path, rememberedOf(eventful().state));
    expect(await readdir(join(directory, 'state'))).toEqual(['memory.json', 'memory.json.bak']);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ version: 1 });
  });

  it('a write that fails leaves the old file as it was', async () => {
    await writeMemory(path, { apps: {} });
    const circular: Record<string, unknown> = { apps: {} };
    circular['self'] = circular;
    await expect(writeMemory(path, circular as unknown as Parameters<typeof writeMemory>[1])).rejects.toThrow();
    expect(await readMemory(path)).toEqual({ memory: { apps: {} } });
  });

  describe('remembersOtherwise', () => {
    const changes: readonly (readonly [string, boolean, (scenario: Scenario) => unknown])[] = [
      ['a tick', false, (scenario) => scenario.wait(1)],
      ['a poll without news', false, (scenario) => scenario.builds('web', ['master-0', 1])],
      ['the same health again', false, (scenario) => scenario.observe('web', HEALTHY)],
      ['a build that is newer', true, (scenario) => scenario.builds('web', ['master-1', 2])],
      ['an operation that begins', true, (scenario) => scenario.sync('web')],
      ['a removal that is held', true, (scenario) => scenario.commit('c2', [])],
      [
        'a pin',
        true,
        (scenario) =>
          scenario.send({
            type: 'rollbackRequested',
            app: 'web',
            by: 'me',
            prune: false,
            images: { [IMAGE]: 'v0' },
          }),
      ],
      ['a pause', true, (scenario) => scenario.send({ type: 'pauseRequested', app: 'web', by: 'me' })],
      ['a pause of all', true, (scenario) => scenario.send({ type: 'pauseRequested', by: 'me' })],
      ['a sync in stages', true, (scenario) => scenario.commit('c2', [staged('web')])],
      ['an application that is new', true, (scenario) => scenario.commit('c2', [WEB, application('db')])],
    ];

    it.each(changes)('%s: %s', (_what, expected, change) => {
      const scenario = new Scenario().settled(WEB);
      const before = scenario.state;
      change(scenario);
      expect(remembersOtherwise(before, scenario.state)).toBe(expected);
    });

    it('agrees with what is remembered: no change is missed', () => {
      for (const [, , change] of changes) {
        const scenario = new Scenario().settled(WEB);
        const before = scenario.state;
        change(scenario);
        const isSame = JSON.stringify(rememberedOf(before)) === JSON.stringify(rememberedOf(scenario.state));
        expect(isSame || remembersOtherwise(before, scenario.state)).toBe(true);
      }
    });
  });
});
