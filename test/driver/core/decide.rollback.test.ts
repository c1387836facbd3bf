import { describe, expect, it } from 'vitest';
import { nextWakeAt } from '../../../src/driver/core/advance.js';
import { summarize } from '../../../src/driver/core/summarize.js';
import {
  application,
  DEGRADED,
  DRIFTED,
  FAILING,
  HEALTHY,
  IMAGE,
  PROGRESSING,
  Scenario,
  SETTINGS,
  SIDECAR,
} from './scenario.js';

const WEB = application('web', { follows: true });
const GRACE = SETTINGS.rolloutGraceMs;

/** master-0 was Healthy, master-1 is deployed. */
function rollingOut(): Scenario {
  return new Scenario().settled(WEB).builds('web', ['master-1', 2]).finish();
}

describe('driver/core/decide rollback', () => {
  it('does not happen where nothing was Healthy before', () => {
    const scenario = new Scenario().start().commit('c1', [WEB]).builds('web', ['master-0', 1]).finish();
    scenario.observe('web', FAILING).wait(GRACE);
    expect(scenario.started()).toBeUndefined();
    expect(scenario.app('web').badImages).toEqual([]);
    expect(scenario.effects).toMatchObject([{ type: 'record', entry: { outcome: 'degraded' } }]);
    scenario.wait(GRACE * 10);
    expect(scenario.effects.filter(({ type }) => type === 'record')).toEqual([]);
  });

  it('does not happen before the objects were looked at after the update', () => {
    const scenario = rollingOut();
    scenario.send({ type: 'observed', app: 'web', observation: DEGRADED, fresh: false }).wait(GRACE * 2);
    expect(scenario.app('web').badImages).toEqual([]);
  });

  it('happens to a container that crashes again and again, although it is up in between', () => {
    const scenario = rollingOut().observe('web', FAILING);
    for (let round = 0; round < 6; round += 1) {
      scenario.wait(GRACE / 6 - 1_000).observe('web', PROGRESSING);
      expect(scenario.started()).toBeUndefined();
      scenario.wait(1_000).observe('web', FAILING);
    }
    expect(scenario.app('web').operation?.kind).toBe('rollback');
  });

  it('does not happen while pods come up, however long after a failure', () => {
    const scenario = rollingOut().observe('web', FAILING).wait(1_000).observe('web', PROGRESSING);
    scenario.wait(GRACE * 5);
    expect(scenario.started()).toBeUndefined();
    scenario.observe('web', HEALTHY);
    expect(scenario.app('web').lastHealthy?.images).toEqual({ [IMAGE]: 'master-1' });
  });

  it('wakes the daemon up exactly when patience ends', () => {
    const scenario = rollingOut().observe('web', FAILING);
    expect(nextWakeAt(scenario.state, scenario.at)).toBe(scenario.at + GRACE);
  });

  it('does not take the place of a newer build that is about to be deployed', () => {
    const scenario = new Scenario().start().commit('c1', [WEB, application('db')]);
    scenario.finish().builds('web', ['master-0', 1]).finish();
    scenario.observe('web', HEALTHY).observe('db', HEALTHY).builds('web', ['master-1', 2]).finish();
    scenario.observe('web', FAILING).sync('db').builds('web', ['master-2', 3]).wait(GRACE).finish();
    expect(scenario.started()?.overrides).toEqual({ web: { [IMAGE]: 'master-2' } });
    expect(scenario.app('web')).toMatchObject({ badImages: [], operation: { kind: 'image' } });
  });

  it('is not forgotten because somebody changed the objects so that they are Healthy', () => {
    const scenario = rollingOut().observe('web', DRIFTED);
    expect(scenario.app('web').lastHealthy?.images).toEqual({ [IMAGE]: 'master-0' });
    scenario.finish().observe('web', FAILING).wait(GRACE);
    expect(scenario.app('web').target?.images).toEqual({ [IMAGE]: 'master-0' });
  });

  it('that waits for the engine gives way to a newer build', () => {
    const scenario = rollingOut().send({ type: 'clusterSeen', reachable: false }).observe('web', DEGRADED);
    scenario.builds('web', ['master-1', 2], ['master-2', 3]).send({ type: 'clusterSeen', reachable: true });
    expect(scenario.started()?.overrides).toEqual({ web: { [IMAGE]: 'master-2' } });
    expect(scenario.app('web').operation?.kind).toBe('image');
  });

  it('that the engine refuses is tried again', () => {
    const scenario = rollingOut().observe('web', DEGRADED).finishBut('web').wait(5_000);
    expect(scenario.app('web').operation?.kind).toBe('rollback');
    expect(scenario.started()?.overrides).toEqual({ web: { [IMAGE]: 'master-0' } });
  });

  it('that does not help either is the last: there is no going to and fro', () => {
    const scenario = rollingOut().observe('web', DEGRADED).finish().observe('web', DEGRADED);
    scenario.wait(GRACE * 10).builds('web', ['master-0', 1], ['master-1', 2]);
    expect(scenario.started()).toBeUndefined();
    expect(scenario.app('web').badImages.map(({ tag }) => tag)).toEqual(['master-1']);
  });

  it('marks only the image that changed', () => {
    const scenario = new Scenario().start();
    scenario.commit('c1', [application('web', { follows: true, sidecar: 'master-0' })]);
    scenario.buildsOf(IMAGE, 'web', ['master-0', 1]).buildsOf(SIDECAR, 'web', ['master-0', 1]);
    scenario.finish().observe('web', HEALTHY).buildsOf(SIDECAR, 'web', ['master-8', 8]).finish();
    scenario.observe('web', DEGRADED);
    expect(scenario.app('web').badImages).toMatchObject([{ image: SIDECAR, tag: 'master-8', restored: 'master-0' }]);
    expect(scenario.app('web').target?.images).toEqual({ [IMAGE]: 'master-0', [SIDECAR]: 'master-0' });
  });

  it('does not undo a commit: only images go back', () => {
    const scenario = new Scenario().settled(WEB).commit('c2', [application('web', { follows: true, note: 'x' })]);
    scenario.finish().observe('web', DEGRADED);
    expect(scenario.started()).toBeUndefined();
    expect(summarize(scenario.state).apps[0]).toMatchObject({ sync: 'Synced', health: { status: 'Degraded' } });
  });

  it('does not touch a manual application: a person sees how the rollout went', () => {
    const manual = application('web', { follows: true, sync: 'manual' });
    const scenario = new Scenario().start().commit('c1', [manual]).builds('web', ['master-0', 1]).sync('web').finish();
    scenario.observe('web', HEALTHY).builds('web', ['master-1', 2]).observe('web', HEALTHY);
    expect(scenario.app('web').lastHealthy?.images).toEqual({ [IMAGE]: 'master-0' });
    scenario.sync('web').finish().observe('web', DEGRADED);
    expect(scenario.effects).toMatchObject([{ type: 'record', entry: { outcome: 'degraded' } }]);
    expect(scenario.state.overrides).toEqual({ web: { [IMAGE]: 'master-1' } });
    expect(scenario.app('web').badImages).toEqual([]);
  });

  it('is in the history with its reason, and so is the way back to Healthy', () => {
    const scenario = rollingOut().observe('web', FAILING).wait(GRACE);
    const records = () => scenario.effects.flatMap((effect) => (effect.type === 'record' ? [effect.entry] : []));
    expect(records()).toMatchObject([
      { kind: 'image', outcome: 'degraded', message: 'CrashLoopBackOff', images: { [IMAGE]: 'master-1' } },
    ]);
    scenario.finish();
    expect(records()).toMatchObject([{ kind: 'rollback', outcome: 'succeeded', images: { [IMAGE]: 'master-0' } }]);
    scenario.observe('web', HEALTHY);
    expect(records()).toMatchObject([{ kind: 'rollback', outcome: 'healthy' }]);
  });
});
