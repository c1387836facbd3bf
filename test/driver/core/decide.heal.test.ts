import { describe, expect, it } from 'vitest';
import { nextWakeAt } from '../../../src/driver/core/advance.js';
import { summarize } from '../../../src/driver/core/summarize.js';
import { application, DRIFTED, HEALTHY, Scenario, seen } from './scenario.js';

const DB = application('db');

/** Heals until `rounds` are done while someone undoes each at once; gives the waits in between. */
function fight(scenario: Scenario, rounds: number): number[] {
  return Array.from({ length: rounds }, () => {
    scenario.finish().observe('db', HEALTHY).observe('db', DRIFTED);
    const waited = nextHealAt(scenario) - scenario.at;
    scenario.wait(waited);
    expect(scenario.app('db').operation?.kind).toBe('heal');
    return waited;
  });
}

function nextHealAt(scenario: Scenario): number {
  const { heal } = scenario.app('db');
  for (const at of [2_000, 6_000, 18_000, 54_000, 162_000, 300_000].map((ms) => heal.lastAt + ms)) {
    const before = scenario.state;
    scenario.at = Math.max(scenario.at, at - 1);
    scenario.send({ type: 'ticked' });
    const early = scenario.started();
    expect(early).toBeUndefined();
    scenario.state = before;
    if (summarize(scenario.state).apps[0]?.retryAt === at) {
      scenario.at = heal.lastAt;
      return at;
    }
  }
  throw new Error('no heal is due');
}

describe('driver/core/decide heal', () => {
  it('follows the back-off while someone fights, and stays at its cap', () => {
    const scenario = new Scenario().settled(DB).observe('db', DRIFTED);
    expect(fight(scenario, 8)).toEqual([2_000, 6_000, 18_000, 54_000, 162_000, 300_000, 300_000, 300_000]);
  });

  it('says with whom it fights, over what and how often, from the second time on', () => {
    const ref = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name: 'db' };
    const health = { status: 'Healthy' } as const;
    const undone = (drift: readonly string[], by?: string) => ({
      health,
      objects: [{ ref, state: 'drifted' as const, drift, health, ...(by !== undefined && { driftManager: by }) }],
    });
    const scenario = new Scenario().settled(DB).observe('db', undone(['/spec/replicas'], 'kubectl-edit'));
    const message = () => summarize(scenario.state).apps[0]?.message;
    scenario
      .finish()
      .observe('db', HEALTHY)
      .observe('db', undone(['/spec/replicas'], 'kubectl-edit'));
    expect(message()).toBeUndefined();
    scenario
      .wait(2_000)
      .finish()
      .observe('db', HEALTHY)
      .observe('db', undone(['/spec/replicas'], 'kubectl-edit'));
    expect(message()).toBe('kubectl-edit keeps changing spec.replicas of Deployment db (2 times in 2s)');
    scenario
      .wait(6_000)
      .finish()
      .observe('db', HEALTHY)
      .observe('db', undone(['/spec/paused']));
    expect(message()).toBe('somebody keeps changing spec.paused of Deployment db (3 times in 8s)');
    expect(summarize(scenario.state).apps[0]?.retryAt).toBe(scenario.at + 18_000);
    scenario.observe('db', HEALTHY);
    expect(message()).toBeUndefined();
  });

  it('is at once again after a calm time', () => {
    const scenario = new Scenario().settled(DB).observe('db', DRIFTED);
    fight(scenario, 4);
    scenario.finish().observe('db', HEALTHY).wait(300_000).observe('db', DRIFTED);
    expect(scenario.app('db').operation?.kind).toBe('heal');
    expect(scenario.app('db').heal.attempts).toBe(1);
  });

  it('is at once again after a commit that changes the application', () => {
    const scenario = new Scenario().settled(DB).observe('db', DRIFTED);
    fight(scenario, 4);
    scenario
      .finish()
      .observe('db', HEALTHY)
      .commit('c2', [application('db', { note: 'x' })]);
    scenario.finish().observe('db', DRIFTED);
    expect(scenario.app('db').operation?.kind).toBe('heal');
  });

  it('of drift that no update mends is tried less and less, and never at once again', () => {
    const scenario = new Scenario().settled(DB).observe('db', DRIFTED);
    for (let round = 0; round < 10; round += 1) {
      scenario.finish().observe('db', DRIFTED);
      expect(scenario.started()).toBeUndefined();
      scenario.wait(400_000);
      expect(scenario.app('db').heal.attempts).toBe(round + 2);
    }
  });

  it('brings a missing object back', () => {
    const scenario = new Scenario().settled(DB).observe('db', seen({ status: 'Missing' }, 'missing'));
    expect(scenario.started()).toMatchObject({ repair: ['db'], remove: [] });
  });

  it('is not a rollout: nothing is rolled back, and history does not tell of one', () => {
    const scenario = new Scenario().settled(DB).observe('db', DRIFTED).finish();
    expect(scenario.app('db').rollout).toBeUndefined();
    scenario.observe('db', HEALTHY);
    expect(scenario.effects).toEqual([]);
  });

  it('compares with what is deployed, and not with what is still to be deployed', () => {
    const scenario = new Scenario().settled(DB).send({ type: 'clusterSeen', reachable: false });
    scenario.commit('c2', [application('db', { note: 'x' })]);
    expect(scenario.effects).toEqual([]);
    expect(scenario.app('db').watched).toBe(scenario.app('db').synced?.fingerprint);
  });

  it('does not happen because of what was seen during an operation', () => {
    const scenario = new Scenario().settled(DB).sync('db');
    scenario.send({ type: 'observed', app: 'db', observation: DRIFTED, fresh: false }).finish();
    expect(scenario.started()).toBeUndefined();
    expect(scenario.effects).toContainEqual({ type: 'refresh', app: 'db' });
    scenario.observe('db', HEALTHY);
    expect(scenario.started()).toBeUndefined();
  });

  it('does not happen because of a look that began before the operation ended', () => {
    const scenario = new Scenario().settled(DB).sync('db').finish();
    expect(scenario.effects).toContainEqual({ type: 'refresh', app: 'db' });
    scenario.sync('db').finish();
    expect(scenario.effects).not.toContainEqual({ type: 'refresh', app: 'db' });
    scenario.observe('db', DRIFTED);
    expect(scenario.started()).toBeUndefined();
    expect(scenario.effects).toEqual([{ type: 'refresh', app: 'db' }]);
    scenario.observe('db', DRIFTED);
    expect(scenario.app('db').operation?.kind).toBe('heal');
  });

  it('waits for another look when one fails, and asks for it later', () => {
    const scenario = new Scenario().settled(DB).sync('db').finish();
    const problem = { code: 'cluster/unreachable', message: 'x' } as const;
    scenario.send({ type: 'lookFailed', app: 'db', problem });
    expect(scenario.effects).toEqual([]);
    expect(nextWakeAt(scenario.state, scenario.at)).toBe(scenario.at + 15_000);
    scenario.wait(15_000);
    expect(scenario.effects).toContainEqual({ type: 'refresh', app: 'db' });
  });

  it('does not happen because of what was compared with another target', () => {
    const scenario = new Scenario()
      .settled(DB)
      .commit('c2', [application('db', { note: 'bad' })])
      .finishBut('db');
    scenario.observe('db', DRIFTED).commit('c3', [DB]);
    expect(scenario.started()).toBeUndefined();
    expect(scenario.effects).toContainEqual({ type: 'refresh', app: 'db' });
    scenario.observe('db', DRIFTED);
    expect(scenario.app('db').operation?.kind).toBe('heal');
  });

  it('goes on after a heal that failed', () => {
    const scenario = new Scenario().settled(DB).observe('db', DRIFTED).finishBut('db').observe('db', DRIFTED);
    expect(scenario.started()).toBeUndefined();
    scenario.wait(5_000);
    expect(scenario.app('db').operation?.kind).toBe('heal');
  });

  it.each([
    ['manual but self-healing', { automated: false }],
    ['automated without self-heal', { selfHeal: false }],
  ])('does not wake the daemon up for an application that is %s', (_what, sync) => {
    const scenario = new Scenario().start().commit('c1', [application('db', { sync })]);
    if (scenario.state.run === undefined) {
      scenario.sync('db');
    }
    scenario.finish().observe('db', DRIFTED);
    expect(scenario.started()).toBeUndefined();
    expect(summarize(scenario.state).apps[0]?.retryAt).toBeUndefined();
  });
});
