import { describe, expect, it } from 'vitest';
import { summarize } from '../../../src/driver/core/summarize.js';
import { remembersOtherwise } from '../../../src/driver/memory.js';
import { application, FAILING, HEALTHY, IMAGE, Scenario, SETTINGS, SIDECAR } from './scenario.js';

const WEB = application('web', { follows: true });
const KEY = `web ${IMAGE}`;

describe('driver/core/decide images', () => {
  describe('first sync', () => {
    it('of an application with two images waits for both', () => {
      const scenario = new Scenario().start();
      scenario.commit('c1', [application('web', { follows: true, sidecar: 'master-0' })]);
      scenario.buildsOf(IMAGE, 'web', ['master-1', 1]);
      expect(scenario.started()).toBeUndefined();
      scenario.buildsOf(SIDECAR, 'web', ['master-2', 2]);
      expect(scenario.started()?.overrides).toEqual({ web: { [IMAGE]: 'master-1', [SIDECAR]: 'master-2' } });
    });

    it('goes on waiting when the registry fails, until the time is over', () => {
      const scenario = new Scenario().start().commit('c1', [WEB]);
      const problem = { code: 'registry/unavailable', message: '' } as const;
      scenario.send({ type: 'registryFailed', app: 'web', image: IMAGE, problem });
      scenario.wait(SETTINGS.firstImageWaitMs - 1);
      expect(scenario.started()).toBeUndefined();
      scenario.wait(1);
      expect(scenario.startedApps()).toEqual(['web']);
    });

    it('takes the tag in the code at once when the repository is not there', () => {
      const scenario = new Scenario().start().commit('c1', [WEB]);
      const problem = { code: 'registry/denied', message: 'no such repository' } as const;
      scenario.send({ type: 'buildsListed', app: 'web', image: IMAGE, builds: [], problem });
      expect(scenario.started()?.deployment.images).toEqual({ web: { [IMAGE]: 'master-0' } });
      expect(summarize(scenario.state).apps[0]?.problems).toEqual([problem]);
    });

    it('does not put a newer commit into a longer wait', () => {
      const scenario = new Scenario().start().commit('c1', [WEB]);
      scenario.at += SETTINGS.firstImageWaitMs / 2;
      scenario.commit('c2', [application('web', { follows: true, note: 'x' })]);
      expect(scenario.app('web').awaitsImagesUntil).toBe(1_000_000 + SETTINGS.firstImageWaitMs);
    });
  });

  it('an application that begins to follow an image waits for it, because the tag in the code may be a placeholder', () => {
    const scenario = new Scenario().settled(application('web', { tag: 'v1' }));
    scenario.commit('c2', [application('web', { follows: true, tag: 'master-placeholder' })]);
    expect(scenario.started()).toBeUndefined();
    scenario.builds('web', ['master-7', 7]);
    expect(scenario.started()?.deployment.images).toEqual({ web: { [IMAGE]: 'master-7' } });
  });

  describe('a poll', () => {
    it('without news changes nothing that a restart must know', () => {
      const scenario = new Scenario().settled(WEB);
      const before = scenario.state;
      scenario.builds('web', ['master-0', 1]);
      expect(remembersOtherwise(before, scenario.state)).toBe(false);
    });

    it('without news does not shorten the back-off of an application that fails', () => {
      const scenario = new Scenario().settled(WEB).builds('web', ['master-1', 2]).finishBut('web');
      const { retryAt } = scenario.app('web');
      scenario.builds('web', ['master-1', 2]);
      expect(scenario.app('web')).toMatchObject({ retryAt, attempts: 1, problem: { message: 'web failed' } });
    });

    it('of an image that the objects do not have changes nothing each time', () => {
      const scenario = new Scenario().settled(application('db'));
      const policy = { ...WEB.images[0], image: SIDECAR } as (typeof WEB.images)[number];
      scenario.commit('c2', [{ ...application('db'), images: [policy] }]);
      scenario.buildsOf(SIDECAR, 'db', ['master-1', 1]);
      scenario.sync('db').finishBut('db');
      const before = scenario.state;
      scenario.buildsOf(SIDECAR, 'db', ['master-1', 1]);
      expect(scenario.app('db').attempts).toBe(1);
      expect(scenario.started()).toBeUndefined();
      expect(scenario.state.apps['db']).toEqual(before.apps['db']);
    });

    it('answered after the filter changed is judged by the new filter', () => {
      const scenario = new Scenario()
        .settled(WEB)
        .commit('c2', [application('web', { follows: true, allow: '^main-' })]);
      scenario.builds('web', ['master-1', 9], ['main-1', 5]);
      expect(scenario.app('web').target?.images).toEqual({ [IMAGE]: 'main-1' });
    });

    it('answered after the application left Git is dropped', () => {
      const scenario = new Scenario()
        .settled(WEB)
        .commit('c2', [application('db')])
        .builds('web', ['master-1', 2]);
      expect(scenario.state.registry).toEqual({});
      expect(scenario.state.overrides).toEqual({});
    });

    it('is not asked twice at the same time, also for an application that leaves Git and comes back', () => {
      const scenario = new Scenario().settled(WEB).wait(SETTINGS.registryIntervalMs * 2);
      expect(scenario.effects.map(({ type }) => type)).toContain('listBuilds');
      scenario.commit('c2', [application('db')]).commit('c3', [WEB]);
      expect(scenario.effects.map(({ type }) => type)).not.toContain('listBuilds');
      scenario.builds('web', ['master-0', 1]);
      expect(scenario.state.registry[KEY]?.inFlight).toBe(false);
    });

    it('is not asked for an image whose policy is gone', () => {
      const scenario = new Scenario().settled(WEB).commit('c2', [application('web')]);
      scenario.wait(SETTINGS.registryIntervalMs * 2);
      expect(scenario.effects.filter(({ type }) => type === 'listBuilds')).toEqual([]);
      expect(Object.keys(scenario.state.registry)).toEqual([]);
    });
  });

  describe('a choice', () => {
    it('does not go back when the tag in force was pushed again with an older build', () => {
      const scenario = new Scenario().settled(WEB).builds('web', ['master-5', 50]).finish().observe('web', HEALTHY);
      scenario.builds('web', ['master-5', 10], ['master-4', 40]);
      expect(scenario.app('web').target?.images).toEqual({ [IMAGE]: 'master-5' });
    });

    it('does not go back when the tag in force was deleted, not even after a restart', () => {
      const before = new Scenario().settled(WEB).builds('web', ['master-5', 50]).finish().observe('web', HEALTHY);
      const scenario = new Scenario().start(before.state).commit('c1', [WEB]).builds('web', ['master-4', 40]);
      expect(scenario.app('web').target?.images).toEqual({ [IMAGE]: 'master-5' });
    });

    it('stays with the override when a commit changes the tag in the code', () => {
      const scenario = new Scenario().settled(WEB).builds('web', ['master-5', 50]).finish().observe('web', HEALTHY);
      scenario.commit('c2', [application('web', { follows: true, tag: 'master-by-hand' })]);
      expect(scenario.started()).toBeUndefined();
      expect(scenario.app('web').target?.images).toEqual({ [IMAGE]: 'master-5' });
    });

    it('that is the tag in the code stays when a commit puts a placeholder there', () => {
      const scenario = new Scenario().settled(WEB);
      scenario.commit('c2', [application('web', { follows: true, tag: 'master-placeholder' })]);
      expect(scenario.started()).toBeUndefined();
      expect(scenario.app('web').target?.images).toEqual({ [IMAGE]: 'master-0' });
    });

    it('that the registry never confirmed gives way to the tag that a commit puts into the code', () => {
      const scenario = new Scenario().start().commit('c1', [WEB]).builds('web').finish().observe('web', FAILING);
      scenario.commit('c2', [application('web', { follows: true, tag: 'master-real' })]);
      expect(scenario.started()?.deployment.images).toEqual({ web: { [IMAGE]: 'master-real' } });
    });

    it('ends with the policy: the tag in the code is in force again', () => {
      const scenario = new Scenario().settled(WEB).builds('web', ['master-5', 50]).finish().observe('web', HEALTHY);
      scenario.commit('c2', [application('web', { tag: 'v9' })]);
      expect(scenario.started()?.deployment).toMatchObject({ images: {}, apps: [{ name: 'web' }] });
      expect(JSON.stringify(scenario.started()?.deployment.apps)).toContain(`${IMAGE}:v9`);
    });

    it('that ends with the policy shows no image any more, also when the objects stay the same', () => {
      const scenario = new Scenario().settled(WEB).commit('c2', [application('web')]);
      expect(scenario.started()).toBeUndefined();
      expect(scenario.app('web').target?.images).toEqual({});
    });

    it('of one of two images leaves the other alone', () => {
      const scenario = new Scenario().start();
      scenario.commit('c1', [application('web', { follows: true, sidecar: 'master-0' })]);
      scenario.buildsOf(IMAGE, 'web', ['master-0', 1]).buildsOf(SIDECAR, 'web', ['master-0', 1]);
      scenario.finish().observe('web', HEALTHY).buildsOf(SIDECAR, 'web', ['master-8', 8]);
      expect(scenario.app('web').operation?.kind).toBe('image');
      expect(scenario.started()?.deployment.images).toEqual({ web: { [IMAGE]: 'master-0', [SIDECAR]: 'master-8' } });
    });

    it('in two applications that share an image is each one’s own', () => {
      const shop = application('shop', { follows: true, allow: '^dev-', tag: 'dev-0' });
      const scenario = new Scenario().start().commit('c1', [WEB, shop]);
      scenario.builds('web', ['master-0', 1], ['dev-9', 9]).finish().builds('shop', ['master-0', 1], ['dev-9', 9]);
      scenario.finish();
      expect(scenario.state.overrides).toEqual({ shop: { [IMAGE]: 'dev-9' } });
      expect(scenario.app('web').target?.images).toEqual({ [IMAGE]: 'master-0' });
    });
  });

  it('an image that a manual application follows is reported, and not deployed', () => {
    const manual = application('web', { follows: true, sync: 'manual' });
    const scenario = new Scenario().start().commit('c1', [manual]).builds('web', ['master-1', 1]);
    expect(scenario.started()).toBeUndefined();
    expect(summarize(scenario.state).apps[0]).toMatchObject({ sync: 'OutOfSync', images: { [IMAGE]: 'master-1' } });
    scenario.sync('web');
    expect(scenario.started()?.overrides).toEqual({ web: { [IMAGE]: 'master-1' } });
  });

  it('a person who asks for bad images again has only the registry of that application asked', () => {
    const scenario = new Scenario().start().commit('c1', [WEB, application('shop', { follows: true })]);
    scenario.builds('web', ['master-0', 1]).builds('shop', ['master-0', 1]);
    scenario.send({ type: 'retryImageRequested', app: 'web', by: 'me' });
    const polls = scenario.effects.filter(({ type }) => type !== 'audit');
    expect(polls).toEqual([{ type: 'listBuilds', app: 'web', policy: WEB.images[0] }]);
  });

  it('a person who asks for a poll does not cut Retry-After short', () => {
    const scenario = new Scenario().settled(WEB).wait(SETTINGS.registryIntervalMs * 2);
    const problem = { code: 'registry/rate-limited', message: '429' } as const;
    scenario.send({ type: 'registryFailed', app: 'web', image: IMAGE, problem, retryAfterMs: 60_000 });
    scenario.send({ type: 'pollRequested', source: 'registry' });
    expect(scenario.effects).toEqual([]);
    expect(scenario.state.registry[KEY]?.nextAt).toBe(scenario.at + 60_000);
    scenario.wait(60_000);
    expect(scenario.effects.map(({ type }) => type)).toContain('listBuilds');
  });
});
