import { describe, expect, it } from 'vitest';
import { nextWakeAt } from '../../../src/driver/core/advance.js';
import { summarize } from '../../../src/driver/core/summarize.js';
import { application, Scenario, SETTINGS } from './scenario.js';

const DB = application('db');
const PROBLEM = { code: 'git/unreachable', message: 'x' } as const;

function rejected(transient: boolean, retryAfterMs?: number): Scenario {
  const scenario = new Scenario().settled(DB).send({ type: 'headSeen', commit: 'c2' });
  return scenario.send({
    type: 'revisionRejected',
    commit: 'c2',
    transient,
    problem: PROBLEM,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}

describe('driver/core/decide revision', () => {
  describe('a commit that is rejected for a passing cause', () => {
    it('is tried again later and later, without a poll', () => {
      const scenario = rejected(true);
      const waits = [1, 2, 3, 4].map(() => {
        const waited = nextWakeAt(scenario.state, scenario.at) - scenario.at;
        scenario.at += waited;
        scenario.state = { ...scenario.state, git: { ...scenario.state.git, nextAt: Infinity } };
        scenario.send({ type: 'ticked' });
        expect(scenario.effects).toEqual([{ type: 'synthesize', commit: 'c2' }]);
        scenario.send({ type: 'revisionRejected', commit: 'c2', transient: true, problem: PROBLEM });
        return waited;
      });
      expect(waits).toEqual([15_000, 30_000, 60_000, 120_000]);
    });

    it('waits as long as the other side asks', () => {
      expect(nextWakeAt(rejected(true, 90_000).state, 1_000_000)).toBe(1_000_000 + 90_000);
    });

    it('is not tried again when the branch has left it', () => {
      const scenario = rejected(true).send({ type: 'headSeen', commit: 'c1' }).wait(20_000);
      expect(scenario.effects).toEqual([]);
      expect(scenario.state.rejected).toBeUndefined();
    });

    it('keeps what is deployed', () => {
      const scenario = rejected(true);
      expect(summarize(scenario.state)).toMatchObject({
        revision: { commit: 'c1' },
        rejected: { commit: 'c2', problem: PROBLEM },
        apps: [{ name: 'db', sync: 'Synced' }],
      });
    });
  });

  it('a commit that is rejected for good is tried again when a person asks for a poll', () => {
    const scenario = rejected(false).wait(600_000);
    expect(scenario.effects.filter(({ type }) => type === 'synthesize')).toEqual([]);
    scenario.send({ type: 'headSeen', commit: 'c2' }).send({ type: 'pollRequested', source: 'git' });
    expect(scenario.effects).toEqual([{ type: 'pollGit' }]);
    scenario.send({ type: 'headSeen', commit: 'c2' });
    expect(scenario.effects).toEqual([{ type: 'synthesize', commit: 'c2' }]);
  });

  it('a poll that a person asks for takes the same commit again: settings and secrets may have changed', () => {
    const scenario = new Scenario().settled(DB).send({ type: 'pollRequested', source: 'git' });
    scenario.send({ type: 'headSeen', commit: 'c1' });
    expect(scenario.effects).toEqual([{ type: 'synthesize', commit: 'c1' }]);
    const desired = { revision: 'c1', apps: { db: DB }, disabled: [], failed: {} };
    const info = { commit: 'c1', subject: '', author: '', committedAt: 0 };
    scenario.send({ type: 'revisionSynthesized', info, desired, secretDigests: { db: 'rotated' } });
    expect(scenario.startedApps()).toEqual(['db']);
  });

  it('a poll that a person asks for during a synthesis is followed by another one', () => {
    const scenario = new Scenario().settled(DB).send({ type: 'headSeen', commit: 'c2' });
    scenario.send({ type: 'pollRequested', source: 'git' }).send({ type: 'headSeen', commit: 'c2' });
    scenario.send({ type: 'revisionRejected', commit: 'c2', transient: false, problem: PROBLEM });
    expect(scenario.effects).toEqual([{ type: 'synthesize', commit: 'c2' }]);
  });

  it('a branch that is reset to an older commit is followed', () => {
    const scenario = new Scenario()
      .settled(DB)
      .commit('c2', [application('db', { note: 'x' })])
      .finish();
    scenario.commit('c1', [DB]);
    expect(scenario.startedApps()).toEqual(['db']);
    expect(scenario.state.revision?.commit).toBe('c1');
  });

  it('a branch that moves during a synthesis is followed after it', () => {
    const scenario = new Scenario().settled(DB).send({ type: 'headSeen', commit: 'c2' });
    scenario.send({ type: 'headSeen', commit: 'c3' });
    expect(scenario.effects).toEqual([]);
    const desired = { revision: 'c2', apps: { db: DB }, disabled: [], failed: {} };
    const info = { commit: 'c2', subject: '', author: '', committedAt: 0 };
    scenario.send({ type: 'revisionSynthesized', info, desired, secretDigests: {} });
    expect(scenario.effects).toContainEqual({ type: 'synthesize', commit: 'c3' });
    expect(scenario.state).toMatchObject({ revision: { commit: 'c2' }, synthesizing: 'c3' });
  });

  it('a branch that is gone changes nothing', () => {
    const scenario = new Scenario().settled(DB).wait(SETTINGS.gitIntervalMs * 2);
    const problem = { code: 'git/unknown-revision', message: 'no such branch' } as const;
    scenario.send({ type: 'gitFailed', problem }).wait(SETTINGS.gitIntervalMs);
    expect(scenario.startedApps()).toEqual([]);
    expect(summarize(scenario.state)).toMatchObject({
      apps: [{ name: 'db', sync: 'Synced' }],
      sources: [{ name: 'git', problem }],
    });
  });

  it('what checks found is told until the next revision', () => {
    const finding = {
      rule: 'floating-tag',
      severity: 'warning',
      app: 'db',
      field: 'x',
      file: 'apps/db/app.ts',
    } as const;
    const findings = [{ ...finding, message: 'no tag' }];
    const scenario = new Scenario().settled(DB).commit('c2', [DB], { findings });
    expect(summarize(scenario.state).findings).toEqual(findings);
    expect(summarize(scenario.commit('c3', [DB]).state).findings).toEqual([]);
  });

  it('an application that checks refuse keeps its last good definition, and says so', () => {
    const failed = { db: { message: 'port 0', location: 'apps/db/app.ts', refused: true } as const };
    const scenario = new Scenario().settled(DB).commit('c2', [], { failed });
    expect(scenario.started()).toBeUndefined();
    expect(scenario.app('db').definition).toEqual(DB);
    expect(summarize(scenario.state).apps[0]?.problems).toEqual([
      { code: 'synth/refused', message: 'apps/db/app.ts: port 0' },
    ]);
  });

  it('a changed policy alone runs nothing', () => {
    const scenario = new Scenario().settled(DB).commit('c2', [application('db', { sync: 'manual' })]);
    expect(scenario.started()).toBeUndefined();
    expect(summarize(scenario.state).apps[0]).toMatchObject({ automated: false, sync: 'Synced' });
  });

  it('a commit that is the target of an operation already is in force when it ends', () => {
    const scenario = new Scenario().start().commit('c1', [DB]).commit('c2', [DB]).finish();
    expect(scenario.started()).toBeUndefined();
    expect(scenario.app('db').synced?.revision).toBe('c2');
  });
});
