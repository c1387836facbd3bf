import { describe, expect, it } from 'vitest';
import type { DesiredApp } from '../../../src/app/desired-state.js';
import { summarize } from '../../../src/driver/core/summarize.js';
import { application, DEGRADED, DRIFTED, HEALTHY, IMAGE, Scenario } from './scenario.js';

const WEB = application('web', { follows: true });
const WEB2 = application('web', { follows: true, note: 'second' });
const WEB3 = application('web', { follows: true, note: 'third' });

interface Goal {
  readonly revision?: string;
  readonly images?: Readonly<Record<string, string>>;
}

function rollBack(scenario: Scenario, { revision, images = {} }: Goal): Scenario {
  const goal = { images, ...(revision !== undefined && { revision }) };
  return scenario.send({ type: 'rollbackRequested', app: 'web', by: 'me', reason: 'slow', prune: false, ...goal });
}

function recalled(scenario: Scenario, definition: DesiredApp, revision = 'c1'): Scenario {
  return scenario.send({ type: 'definitionRecalled', app: 'web', source: { definition, revision, secretDigest: '' } });
}

function unpin(scenario: Scenario): Scenario {
  return scenario.send({ type: 'unpinRequested', app: 'web', by: 'me' });
}

/** master-1 runs, and master-0 ran before. */
function updated(): Scenario {
  return new Scenario().settled(WEB).builds('web', ['master-1', 2]).finish().observe('web', HEALTHY);
}

/** The second commit is in force. */
function moved(): Scenario {
  return new Scenario().settled(WEB).commit('c2', [WEB2]).finish().observe('web', HEALTHY);
}

function noteOf(scenario: Scenario): unknown {
  return scenario.started()?.deployment.apps[0]?.objects[0]?.metadata.annotations?.['note'];
}

describe('driver/core/decide pin', () => {
  describe('of images', () => {
    const MASTER_0 = { images: { [IMAGE]: 'master-0' } };

    it('puts them back at once, as a rollback by that person for that reason', () => {
      const scenario = rollBack(updated(), MASTER_0);
      expect(scenario.started()?.overrides).toEqual({ web: { [IMAGE]: 'master-0' } });
      expect(scenario.app('web').operation).toMatchObject({ kind: 'rollback', by: 'me', reason: 'slow' });
      scenario.finish();
      expect(scenario.effects).toContainEqual({
        type: 'record',
        entry: expect.objectContaining({ kind: 'rollback', by: 'me', reason: 'slow', ...MASTER_0 }) as unknown,
      });
    });

    it('holds them, whatever the registry says', () => {
      const scenario = rollBack(updated(), MASTER_0).finish().observe('web', HEALTHY);
      scenario.builds('web', ['master-0', 1], ['master-1', 2], ['master-2', 3]);
      expect(scenario.started()).toBeUndefined();
      expect(scenario.state.overrides).toEqual({ web: { [IMAGE]: 'master-0' } });
    });

    it('holds them under a new commit, which is deployed', () => {
      const scenario = rollBack(updated(), MASTER_0).finish().observe('web', HEALTHY).commit('c2', [WEB2]);
      expect(noteOf(scenario)).toBe('second');
      expect(scenario.started()?.deployment.images).toEqual({ web: { [IMAGE]: 'master-0' } });
    });

    it('released, goes to the newest build that the registry told of meanwhile', () => {
      const scenario = rollBack(updated(), MASTER_0).finish().observe('web', HEALTHY);
      unpin(scenario.builds('web', ['master-0', 1], ['master-1', 2], ['master-2', 3]));
      expect(scenario.started()?.overrides).toEqual({ web: { [IMAGE]: 'master-2' } });
      expect(scenario.app('web')).not.toHaveProperty('pin');
    });

    it('released without news, goes to what was in force before', () => {
      const scenario = rollBack(rollBack(updated(), MASTER_0), { images: { [IMAGE]: 'master-00' } }).finish();
      unpin(scenario.finish().observe('web', HEALTHY));
      expect(scenario.started()?.overrides).toEqual({ web: { [IMAGE]: 'master-1' } });
    });

    it('does not roll them back when they fail: a person chose them, and sees it', () => {
      const scenario = rollBack(updated(), MASTER_0).finish().observe('web', DEGRADED);
      expect(scenario.started()).toBeUndefined();
      expect(scenario.app('web').badImages).toEqual([]);
    });

    it('is carried out on a manual application, too', () => {
      const manual = application('web', { follows: true, sync: 'manual' });
      const scenario = new Scenario().start().commit('c1', [manual]).builds('web', ['master-1', 2]).sync('web');
      rollBack(scenario.finish().observe('web', HEALTHY), MASTER_0);
      expect(scenario.startedApps()).toEqual(['web']);
    });

    it('heals drift to the pinned state', () => {
      const scenario = rollBack(updated(), MASTER_0).finish().observe('web', HEALTHY).observe('web', DRIFTED);
      expect(scenario.started()).toMatchObject({ repair: ['web'], overrides: { web: { [IMAGE]: 'master-0' } } });
    });

    it('ends when a commit no longer follows the image', () => {
      const scenario = rollBack(updated(), MASTER_0)
        .finish()
        .commit('c2', [application('web', { note: 'second' })]);
      expect(scenario.app('web')).not.toHaveProperty('pin');
    });
  });

  describe('of a commit', () => {
    it('gets the definition first, then deploys it with the tags in force', () => {
      const scenario = rollBack(moved(), { revision: 'c1' });
      expect(scenario.effects).toContainEqual({ type: 'recall', app: 'web', revision: 'c1' });
      expect(scenario.started()).toBeUndefined();
      expect(noteOf(recalled(scenario, WEB))).toBe('');
      expect(scenario.app('web')).toMatchObject({ operation: { kind: 'rollback' }, target: { revision: 'c1' } });
    });

    it('stays although Git is newer', () => {
      const scenario = recalled(rollBack(moved(), { revision: 'c1' }), WEB)
        .finish()
        .observe('web', HEALTHY);
      scenario.commit('c3', [WEB3]);
      expect(scenario.started()).toBeUndefined();
      expect(summarize(scenario.state).apps[0]).toMatchObject({
        sync: 'Synced',
        revision: 'c1',
        pinned: { by: 'me', revision: 'c1' },
        message: 'pinned by me at commit c1 instead of commit c3 (slow); release it with: prodesk unpin web',
      });
    });

    it('released, goes to the newest commit at once', () => {
      const scenario = recalled(rollBack(moved(), { revision: 'c1' }), WEB)
        .finish()
        .observe('web', HEALTHY);
      unpin(scenario.commit('c3', [WEB3]));
      expect(noteOf(scenario)).toBe('third');
      expect(scenario.app('web').target?.revision).toBe('c3');
    });

    it('goes on following images', () => {
      const scenario = recalled(rollBack(moved(), { revision: 'c1' }), WEB)
        .finish()
        .observe('web', HEALTHY);
      scenario.builds('web', ['master-1', 2]);
      expect(noteOf(scenario)).toBe('');
      expect(scenario.started()?.overrides).toEqual({ web: { [IMAGE]: 'master-1' } });
    });

    it('with images holds both', () => {
      const scenario = moved().builds('web', ['master-1', 2]).finish().observe('web', HEALTHY);
      recalled(rollBack(scenario, { revision: 'c1', images: { [IMAGE]: 'master-0' } }), WEB);
      expect(noteOf(scenario)).toBe('');
      expect(scenario.started()?.deployment.images).toEqual({ web: { [IMAGE]: 'master-0' } });
      scenario.finish().observe('web', HEALTHY).builds('web', ['master-2', 3]).commit('c3', [WEB3]);
      expect(scenario.started()).toBeUndefined();
      unpin(scenario);
      expect(noteOf(scenario)).toBe('third');
      expect(scenario.started()?.deployment.images).toEqual({ web: { [IMAGE]: 'master-2' } });
    });

    it('that says the same as Git holds the images only', () => {
      const scenario = rollBack(updated().commit('c2', [WEB]), { revision: 'c1', images: { [IMAGE]: 'master-0' } });
      expect(recalled(scenario, WEB).app('web').pin).not.toHaveProperty('kept');
    });

    it('is kept when only images are rolled back after it', () => {
      const scenario = recalled(rollBack(moved(), { revision: 'c1' }), WEB).finish();
      rollBack(scenario, { images: { [IMAGE]: 'master-00' } });
      expect(noteOf(scenario)).toBe('');
    });

    it('that cannot be had changes nothing and says so', () => {
      const scenario = rollBack(moved(), { revision: 'c0' });
      const problem = { code: 'git/unknown-revision', message: 'no such commit' } as const;
      scenario.send({ type: 'recallFailed', app: 'web', revision: 'c0', problem });
      expect(scenario.app('web')).toMatchObject({ problem, target: { revision: 'c2' } });
      expect(scenario.app('web')).not.toHaveProperty('recall');
    });

    it('of which the answer comes after another wish is dropped', () => {
      const scenario = rollBack(rollBack(moved(), { revision: 'c0' }), { revision: 'c1' });
      recalled(scenario, WEB3, 'c0');
      expect(scenario.started()).toBeUndefined();
      expect(noteOf(recalled(scenario, WEB))).toBe('');
    });

    it('outlives a restart without Git', () => {
      const before = recalled(rollBack(moved(), { revision: 'c1' }), WEB)
        .finish()
        .observe('web', HEALTHY);
      const scenario = new Scenario().start(before.state).commit('c3', [WEB3]);
      expect(scenario.started()).toBeUndefined();
      unpin(scenario.observe('web', HEALTHY));
      expect(noteOf(scenario)).toBe('third');
    });

    it('is deployed again when a secret that it uses has another value', () => {
      const scenario = recalled(rollBack(moved(), { revision: 'c1' }), WEB)
        .finish()
        .observe('web', HEALTHY);
      const desired = { revision: 'c2', apps: { web: WEB2 }, disabled: [], failed: {} };
      const info = { commit: 'c2', subject: '', author: '', committedAt: 0 };
      const digests = { secretDigests: { web: 'a' }, pinnedDigests: { web: 'b' } };
      scenario.send({ type: 'revisionSynthesized', info, desired, ...digests });
      expect(noteOf(scenario)).toBe('');
      expect(scenario.app('web').target?.fingerprint).toMatch(/-b$/);
    });

    it('whose application leaves Git waits for a person before anything is deleted', () => {
      const db = application('db');
      const scenario = recalled(rollBack(moved().commit('c3', [WEB2, db]).finish(), { revision: 'c1' }), WEB).finish();
      scenario.commit('c4', [db]);
      expect(scenario.app('web').removal).toEqual({ reason: 'removed', held: true });
      expect(scenario.started()).toBeUndefined();
    });
  });

  it.each<[string, (scenario: Scenario) => unknown]>([
    ['is paused', (scenario) => scenario.send({ type: 'pauseRequested', app: 'web', by: 'me' })],
    ['left Git', (scenario) => scenario.commit('c3', [])],
  ])('is refused while the application %s, and that is noted', (_what, happens) => {
    const scenario = updated();
    happens(scenario);
    rollBack(scenario, { images: { [IMAGE]: 'master-0' } });
    expect(scenario.started()).toBeUndefined();
    expect(scenario.app('web')).not.toHaveProperty('pin');
    expect(scenario.effects).toMatchObject([
      { type: 'audit', entry: { action: 'rollback', by: 'me', reason: 'slow', refused: expect.any(String) as string } },
    ]);
  });

  it('a release is noted, also where nothing is pinned', () => {
    const scenario = unpin(updated());
    expect(scenario.effects).toEqual([
      { type: 'audit', entry: { at: scenario.at, by: 'me', action: 'unpin', app: 'web' } },
    ]);
  });
});
