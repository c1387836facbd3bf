import { describe, expect, it } from 'vitest';
import type { Manifest } from '../../../src/app/manifest.js';
import { syncWindowOf } from '../../../src/app/sync-window.js';
import { IMAGE } from './scenario.js';
import { staged, type StagedOptions } from './staged.js';
import { begun, LATER, Staged } from './staged-scenario.js';

/** All stages of the first commit are done. */
function settled(options: StagedOptions = {}): Staged {
  const scenario = begun(options);
  for (let run = 0; scenario.state.run !== undefined && run < 9; run += 1) {
    scenario.finish().see();
  }
  expect(scenario.app('a').progress).toBeUndefined();
  return scenario;
}

describe('driver/core/decide stages', () => {
  it('a first sync applies stage by stage, each when the one before is done', () => {
    const scenario = begun();
    expect(scenario.written()).toEqual(['migrate']);
    scenario.finish().see({ ...LATER, migrate: 'Progressing' });
    expect(scenario.started()).toBeUndefined();
    expect(scenario.status().message).toMatch(
      /^waits for pre-sync hooks: Job default\/migrate-[0-9a-f]{10} \(Progressing\)$/,
    );
    expect(scenario.see(LATER).written()).toEqual(['db']);
    scenario.finish().see({ ...LATER, db: 'Progressing' });
    expect(scenario.started()).toBeUndefined();
    expect(scenario.status()).toMatchObject({
      sync: 'OutOfSync',
      message: 'waits for wave 0: Deployment default/db (Progressing)',
    });
    expect(scenario.see({ ...LATER, db: 'Healthy' }).written()).toEqual(['db', 'web']);
    scenario.finish().see({ web: 'Progressing', smoke: 'Missing' });
    expect(scenario.started()).toBeUndefined();
    expect(scenario.see({ smoke: 'Missing' }).written()).toEqual(['db', 'web', 'smoke']);
    scenario.finish().see({ smoke: 'Progressing' });
    expect(scenario.app('a').progress).toBeDefined();
    scenario.see();
    expect(scenario.app('a').progress).toBeUndefined();
    expect(scenario.wait(3_600_000).started()).toBeUndefined();
    expect(scenario.status()).toMatchObject({ sync: 'Synced', health: { status: 'Healthy' }, problems: [] });
  });

  it('only the last wave deletes what left, and only then the outputs tell the new target', () => {
    const scenario = settled();
    const before = scenario.app('a').synced?.objectsFingerprint;
    scenario.commit('c2', [staged('a', { note: 'x' })]);
    const seen: unknown[] = [];
    for (let run = 0; scenario.state.run !== undefined && run < 9; run += 1) {
      const outputs = scenario.started()?.deployment.fingerprints['a'];
      const { objectsFingerprint } = scenario.app('a').target ?? {};
      const word = outputs === objectsFingerprint ? 'new' : outputs === before ? 'old' : outputs;
      seen.push([scenario.deployed()?.extent?.keepsRest, word]);
      scenario.finish().see();
    }
    expect(seen).toEqual([
      [true, 'old'],
      [true, 'old'],
      [false, 'new'],
      [false, 'new'],
    ]);
  });

  it('is under way until its last hook has ended, for those who wait for it', () => {
    const scenario = settled();
    expect(scenario.status().underWay).toBeUndefined();
    scenario.commit('c2', [staged('a', { note: 'x' })]).finish();
    expect(scenario.see({ ...LATER, migrate: 'Progressing' }).status().underWay).toBe(true);
    scenario.see(LATER).finish().see({ web: 'drifted', smoke: 'Missing' }).finish().see({ smoke: 'Missing' }).finish();
    expect(scenario.see({ smoke: 'Progressing' }).status()).toMatchObject({ sync: 'Synced', underWay: true });
    expect(scenario.see().status().underWay).toBeUndefined();
  });

  it('between two waves neither the old nor the new is deployed', () => {
    const scenario = settled()
      .commit('c2', [staged('a', { note: 'x' })])
      .finish()
      .see()
      .finish();
    expect(scenario.app('a').synced?.fingerprint).toBe('unfinished');
    scenario.see({ db: 'Progressing' }).commit('c3', [staged('a')]);
    expect(scenario.written()).toEqual(['migrate']);
  });

  it('other applications go on while one waits for its hook', () => {
    const scenario = begun()
      .finish()
      .see({ ...LATER, migrate: 'Progressing' });
    scenario.commit('c2', [staged('a'), staged('b', { only: ['db'] })]).builds('b', ['master-0', 1]);
    expect(scenario.startedApps()).toEqual(['b']);
  });

  describe('a hook that fails', () => {
    const failed = (): Staged =>
      settled()
        .commit('c2', [staged('a', { note: 'x' })])
        .finish()
        .see({ ...LATER, migrate: 'Degraded' });

    it('ends the sync: nothing else is written, by whatever time, and history tells', () => {
      const scenario = failed();
      expect(scenario.recorded()).toMatchObject([{ kind: 'sync', outcome: 'failed', revision: 'c2' }]);
      expect(scenario.status().problems).toMatchObject([{ code: 'hook/failed' }]);
      expect(scenario.status().message).toMatch(
        /pre-sync hook Job default\/migrate-\w+ failed; what comes after it was not/,
      );
      expect(scenario.started()).toBeUndefined();
      expect(scenario.wait(86_400_000).started()).toBeUndefined();
      expect(scenario.see({ ...LATER, migrate: 'Degraded' }).recorded()).toEqual([]);
    });

    it('is repeated when a person asks, and made anew', () => {
      const scenario = failed().sync('a');
      expect(scenario.written()).toEqual(['migrate']);
      expect(scenario.deployed()?.extent?.anew).toEqual([expect.stringMatching(/^batch\/Job\/default\/migrate-/)]);
      expect(scenario.started()?.repair).toEqual(['a']);
      expect(scenario.finish().see(LATER).written()).toEqual(['db']);
      expect(scenario.status().problems).toEqual([]);
    });

    it('another commit has a hook of its own', () => {
      const before = failed();
      const first = before.app('a').progress?.target.fingerprint;
      const scenario = before.commit('c3', [staged('a', { note: 'y' })]);
      expect(scenario.written()).toEqual(['migrate']);
      expect(scenario.deployed()?.extent?.anew).toEqual([]);
      expect(scenario.app('a').progress?.target.fingerprint).not.toBe(first);
      expect(scenario.status().problems).toEqual([]);
    });

    it('a commit that goes back has nothing to do, for nothing was written', () => {
      const scenario = failed().commit('c3', [staged('a')]);
      expect(scenario.started()).toBeUndefined();
      expect(scenario.see().status()).toMatchObject({ sync: 'Synced', problems: [] });
    });

    it('stays failed after a restart', () => {
      const scenario = failed();
      const next = new Staged()
        .start(scenario.state)
        .commit('c2', [staged('a', { note: 'x' })])
        .builds('a', ['master-0', 1]);
      expect(
        next
          .see({ ...LATER, migrate: 'Degraded' })
          .wait(86_400_000)
          .started(),
      ).toBeUndefined();
      expect(next.status().problems).toMatchObject([{ code: 'hook/failed' }]);
    });

    it('after the sync it is a problem of an application that is Synced and Healthy', () => {
      const scenario = settled()
        .commit('c2', [staged('a', { note: 'x' })])
        .finish()
        .see()
        .finish()
        .see()
        .finish()
        .see();
      expect(scenario.written()).toEqual(['db', 'web', 'smoke']);
      scenario.finish().see({ smoke: 'Degraded' });
      expect(scenario.status()).toMatchObject({
        sync: 'Synced',
        health: { status: 'Healthy' },
        problems: [{ code: 'hook/failed' }],
      });
      expect(scenario.wait(86_400_000).started()).toBeUndefined();
      scenario.see({ smoke: 'Degraded', db: 'drifted' });
      expect(scenario.written()).toEqual(['db', 'web']);
      expect(scenario.finish().see({ smoke: 'Degraded' }).status().problems).toMatchObject([{ code: 'hook/failed' }]);
      expect(scenario.sync('a').deployed()?.extent?.anew).toHaveLength(1);
      expect(scenario.finish().see().status().problems).toEqual([]);
    });
  });

  describe('what runs no hooks', () => {
    it('a repair, which comes at once and whole', () => {
      const scenario = settled().see({ db: 'drifted', migrate: 'Missing' });
      expect(scenario.written()).toEqual(['db', 'web']);
      expect(scenario.deployed()?.extent?.keepsRest).toBe(false);
    });

    it('a hook that is gone', () => {
      expect(settled().see({ migrate: 'Missing', smoke: 'Missing' }).started()).toBeUndefined();
    });

    it('a restart', () => {
      const before = settled();
      const scenario = new Staged()
        .start(before.state)
        .commit('c1', [staged('a')])
        .builds('a', ['master-0', 1]);
      expect(scenario.see({ migrate: 'Missing', smoke: 'Missing' }).wait(3_600_000).started()).toBeUndefined();
    });

    it('a sync that a person asks for where nothing changed', () => {
      expect(settled().sync('a').written()).toEqual(['db', 'web']);
    });

    it('an automatic rollback, which comes at once', () => {
      const scenario = settled().builds('a', ['master-0', 1], ['master-1', 2]);
      expect(scenario.written()).toEqual(['migrate']);
      scenario.finish().see(LATER).finish().see({ web: 'drifted' }).finish();
      scenario.see({ web: 'crashing' }).wait(60_000);
      expect(scenario.app('a').operation?.kind).toBe('rollback');
      expect(scenario.written()).toEqual(['db', 'web']);
      expect(scenario.finish().see({ migrate: 'Missing', smoke: 'Missing' }).wait(3_600_000).started()).toBeUndefined();
      expect(scenario.status()).toMatchObject({ sync: 'Synced', images: { [IMAGE]: 'master-0' } });
    });
  });

  it('a new image runs the hooks too', () => {
    const scenario = settled().builds('a', ['master-0', 1], ['master-1', 2]);
    expect(scenario.app('a').operation).toMatchObject({
      kind: 'image',
      stage: 'pre-sync',
      reason: 'a newer image, pre-sync hooks',
    });
    expect(scenario.finish().see(LATER).app('a').operation).toMatchObject({ kind: 'image', stage: 0 });
  });

  it('a bad image in the first wave is rolled back, although the second one never came', () => {
    const first = { ...staged('a'), objects: staged('a').objects.toReversed() };
    const swapped = {
      ...first,
      objects: first.objects.map((object) => ({
        ...object,
        metadata: {
          ...object.metadata,
          annotations:
            object.metadata.name === 'db' ? { 'prodesk.dev/wave': '2' } : (object.metadata.annotations ?? {}),
        },
      })),
    };
    const scenario = new Staged().start().commit('c1', [swapped]).builds('a', ['master-0', 1]);
    for (let run = 0; scenario.state.run !== undefined && run < 9; run += 1) {
      scenario.finish().see();
    }
    scenario.builds('a', ['master-0', 1], ['master-1', 2]).finish().see(LATER).finish();
    expect(scenario.app('a').progress?.stage).toBe(1);
    scenario.see({ web: 'crashing', db: 'Degraded' });
    expect(scenario.started()).toBeUndefined();
    scenario.wait(60_000);
    expect(scenario.app('a').operation?.kind).toBe('rollback');
    expect(scenario.written()).toEqual(['web', 'db']);
  });

  it('an object of an applied wave that somebody takes away is put back before the next wave', () => {
    const scenario = begun()
      .finish()
      .see(LATER)
      .finish()
      .see({ ...LATER, db: 'Missing' });
    expect(scenario.written()).toEqual(['db']);
    expect(scenario.started()?.repair).toEqual(['a']);
    scenario.finish().see({ ...LATER, db: 'Missing' });
    expect(scenario.started()).toBeUndefined();
    expect(scenario.wait(10_000).written()).toEqual(['db']);
    expect(
      scenario
        .finish()
        .see({ ...LATER, db: 'Healthy' })
        .written(),
    ).toEqual(['db', 'web']);
  });

  it('a manual application goes through all its stages when a person asks once', () => {
    const scenario = begun({ sync: 'manual' });
    expect(scenario.started()).toBeUndefined();
    expect(scenario.sync('a').written()).toEqual(['migrate']);
    expect(scenario.finish().see(LATER).written()).toEqual(['db']);
    expect(scenario.app('a').operation?.by).toBe('me');
    scenario.finishBut('a');
    expect(scenario.see(LATER).wait(3_600_000).started()).toBeUndefined();
  });

  it('what has begun goes on when the sync window closes', () => {
    const window = syncWindowOf({ kind: 'allow', schedule: '0 * * * *', duration: '30m' });
    const app = { ...staged('a'), sync: { ...staged('a').sync, windows: [window] } };
    const scenario = new Staged();
    scenario.at = 7_200_000;
    scenario.start().commit('c1', [app]).builds('a', ['master-0', 1]).finish();
    scenario.wait(1_900_000).see(LATER);
    expect(scenario.app('a').window?.open).toBe(false);
    expect(scenario.written()).toEqual(['db']);
  });

  it('a pause holds the next stage', () => {
    const scenario = begun().finish().send({ type: 'pauseRequested', app: 'a', by: 'me' }).see(LATER);
    expect(scenario.started()).toBeUndefined();
    expect(scenario.send({ type: 'resumeRequested', app: 'a', by: 'me' }).written()).toEqual(['db']);
  });

  it('a stage whose run fails is tried again, later and later', () => {
    const scenario = begun().finish().see(LATER).finishBut('a').see(LATER);
    expect(scenario.started()).toBeUndefined();
    expect(scenario.wait(6_000).written()).toEqual(['db']);
  });

  it('an application of one wave without hooks is applied at once, with nothing said of stages', () => {
    const scenario = begun({ only: ['db'] });
    expect(scenario.deployed()?.extent).toBeUndefined();
    expect(scenario.app('a').operation?.stage).toBeUndefined();
  });

  it('a hook in the only wave is awaited after all is applied', () => {
    const job = staged('a').objects.find(({ metadata }) => metadata.name === 'migrate');
    const sync = {
      ...job,
      metadata: { ...job?.metadata, annotations: { 'prodesk.dev/hook': 'sync' } },
    } as Manifest;
    const app = { ...staged('a', { only: ['db'] }), objects: [...staged('a', { only: ['db'] }).objects, sync] };
    const scenario = new Staged().start().commit('c1', [app]).builds('a', ['master-0', 1]);
    expect(scenario.written()).toEqual(['db', 'migrate']);
    scenario.finish().see({ migrate: 'Progressing' });
    expect(scenario.app('a').progress).toBeDefined();
    expect(scenario.see({ migrate: 'Degraded' }).status().problems).toMatchObject([{ code: 'hook/failed' }]);
  });
});
