import { describe, expect, it } from 'vitest';
import type { StackOutputs } from '../../../src/app/deployment.js';
import { targetOf } from '../../../src/driver/core/target.js';
import { rememberedOf } from '../../../src/driver/memory.js';
import { application, DEGRADED, DRIFTED, FAILING, HEALTHY, IMAGE, Scenario, SETTINGS } from './scenario.js';

const WEB = application('web', { follows: true });

function outputsOf(tag: string): StackOutputs {
  const { objectsFingerprint } = targetOf(WEB, '', { web: { [IMAGE]: tag } }, '');
  return { images: { web: { [IMAGE]: tag } }, fingerprints: { web: objectsFingerprint } };
}

/** A start after a kill: with the memory and the overrides of a state, and what the stack says. */
function restart(before: Scenario, outputs: StackOutputs, overrides = before.state.overrides): Scenario {
  const scenario = new Scenario();
  scenario.at = before.at + 5_000;
  return scenario.send({ type: 'started', remembered: rememberedOf(before.state), overrides, outputs });
}

function updating(): Scenario {
  return new Scenario().settled(WEB).builds('web', ['master-1', 2]);
}

describe('driver/core/start', () => {
  it('asks Git first and changes nothing before it answers', () => {
    const scenario = restart(updating(), outputsOf('master-0'));
    expect(scenario.effects).toEqual([{ type: 'pollGit' }]);
  });

  it('with nothing remembered and nothing new runs nothing', () => {
    const scenario = new Scenario();
    scenario.send({ type: 'started', remembered: { apps: {} }, overrides: {}, outputs: outputsOf('master-0') });
    scenario.commit('c1', [WEB]).builds('web', ['master-0', 1]).observe('web', HEALTHY);
    expect(scenario.started()).toBeUndefined();
    expect(scenario.app('web').lastHealthy?.images).toEqual({ [IMAGE]: 'master-0' });
  });

  describe('killed in an update', () => {
    it('before the engine had changed anything updates again', () => {
      const scenario = restart(updating(), outputsOf('master-0')).commit('c1', [WEB]);
      expect(scenario.started()?.deployment.images).toEqual({ web: { [IMAGE]: 'master-1' } });
    });

    it('after the engine was done updates again, because nobody saw how it ended', () => {
      const scenario = restart(updating(), outputsOf('master-1')).commit('c1', [WEB]);
      expect(scenario.started()?.deployment.images).toEqual({ web: { [IMAGE]: 'master-1' } });
      const { id } = scenario.run();
      scenario.send({ type: 'runFinished', run: id, outcomes: [{ app: 'web', changed: false }] });
      scenario.observe('web', FAILING).wait(SETTINGS.rolloutGraceMs);
      expect(scenario.started()?.overrides).toEqual({ web: { [IMAGE]: 'master-0' } });
    });

    it('before the override was saved finds the build again', () => {
      const scenario = restart(updating(), outputsOf('master-0'), {}).commit('c1', [WEB]);
      expect(scenario.started()).toBeUndefined();
      scenario.builds('web', ['master-0', 1], ['master-1', 2]);
      expect(scenario.started()?.overrides).toEqual({ web: { [IMAGE]: 'master-1' } });
    });
  });

  it('after an update that failed in part updates again, although the outputs look as if it were done', () => {
    const before = updating().finishBut('web');
    const scenario = restart(before, outputsOf('master-1')).commit('c1', [WEB]);
    expect(scenario.startedApps()).toEqual(['web']);
  });

  it('after the loss of state and settings deploys what was remembered as deployed', () => {
    const before = new Scenario().settled(WEB);
    const scenario = restart(before, { images: {}, fingerprints: {} }, {}).commit('c1', [WEB]);
    expect(scenario.started()?.deployment.images).toEqual({ web: { [IMAGE]: 'master-0' } });
    expect(scenario.started()?.overrides).toEqual({ web: { [IMAGE]: 'master-0' } });
  });

  describe('killed in a rollback', () => {
    it('before it was saved rolls back again', () => {
      const before = updating().finish().observe('web', FAILING);
      const saved = rememberedOf(before.state);
      const { overrides } = before.state;
      before.wait(SETTINGS.rolloutGraceMs);
      const scenario = new Scenario();
      scenario.send({ type: 'started', remembered: saved, overrides, outputs: outputsOf('master-1') });
      scenario.commit('c1', [WEB]).observe('web', FAILING).wait(SETTINGS.rolloutGraceMs);
      expect(scenario.app('web').operation?.kind).toBe('rollback');
    });

    it('after it was saved goes on with it, and the tag stays bad', () => {
      const before = updating().finish().observe('web', DEGRADED);
      const scenario = restart(before, outputsOf('master-1')).commit('c1', [WEB]);
      expect(scenario.started()?.deployment.images).toEqual({ web: { [IMAGE]: 'master-0' } });
      scenario.finish().observe('web', HEALTHY).builds('web', ['master-0', 1], ['master-1', 2]);
      expect(scenario.started()).toBeUndefined();
    });
  });

  it('after a rollout that had ended does not follow it again', () => {
    const before = updating().finish().observe('web', HEALTHY);
    const scenario = restart(before, outputsOf('master-1')).commit('c1', [WEB]).observe('web', DEGRADED);
    expect(scenario.started()).toBeUndefined();
    expect(scenario.app('web').badImages).toEqual([]);
  });

  describe('with lost settings', () => {
    const PLACEHOLDER = application('web', { follows: true, tag: 'master-placeholder' });

    it('keeps the tags that are deployed, before any registry answers', () => {
      const scenario = new Scenario();
      scenario.send({ type: 'started', remembered: { apps: {} }, overrides: {}, outputs: outputsOf('master-7') });
      scenario.commit('c1', [PLACEHOLDER]).wait(SETTINGS.firstImageWaitMs * 2);
      expect(scenario.started()).toBeUndefined();
      expect(scenario.state.overrides).toEqual({ web: { [IMAGE]: 'master-7' } });
    });

    it('still goes to the newest build', () => {
      const scenario = new Scenario();
      scenario.send({ type: 'started', remembered: { apps: {} }, overrides: {}, outputs: outputsOf('master-7') });
      scenario.commit('c1', [PLACEHOLDER]).builds('web', ['master-7', 7], ['master-8', 8]);
      expect(scenario.started()?.overrides).toEqual({ web: { [IMAGE]: 'master-8' } });
    });
  });

  it('killed before the first run of a pin, still has what a person pinned', () => {
    const before = new Scenario().settled(WEB).builds('web', ['master-1', 2]);
    before.send({ type: 'rollbackRequested', app: 'web', by: 'me', prune: false, images: { [IMAGE]: 'master-9' } });
    const scenario = restart(before, outputsOf('master-0'), {}).commit('c1', [WEB]);
    expect(scenario.started()?.deployment.images).toEqual({ web: { [IMAGE]: 'master-9' } });
  });

  it('after a laptop deployed something else takes what the stack says for deployed', () => {
    const before = new Scenario().settled(WEB);
    const scenario = restart(before, outputsOf('master-laptop'), {}).commit('c1', [WEB]);
    expect(scenario.app('web').synced?.images).toEqual({ [IMAGE]: 'master-laptop' });
    expect(scenario.app('web').target?.images).toEqual({ [IMAGE]: 'master-laptop' });
    expect(scenario.started()).toBeUndefined();
  });

  it('with a stack that lost an application deploys it again', () => {
    const scenario = restart(new Scenario().settled(WEB), { images: {}, fingerprints: {} }).commit('c1', [WEB]);
    expect(scenario.startedApps()).toEqual(['web']);
  });

  it('compares live objects with what is deployed, and heals what drifted meanwhile', () => {
    const scenario = restart(new Scenario().settled(WEB), outputsOf('master-0')).commit('c1', [WEB]);
    expect(scenario.effects).toContainEqual({ type: 'watch', app: 'web' });
    scenario.send({ type: 'observed', app: 'web', observation: DRIFTED, fresh: false });
    expect(scenario.started()?.repair).toEqual(['web']);
  });
});
