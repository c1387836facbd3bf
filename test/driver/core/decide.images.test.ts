import { describe, expect, it } from 'vitest';
import { digest, newestBuild, semver } from '../../../src/app/image-policy.js';
import { summarize } from '../../../src/driver/core/summarize.js';
import { remembersOtherwise } from '../../../src/driver/memory.js';
import type { ImageBuild } from '../../../src/sources/registry/port.js';
import { application, FAILING, HEALTHY, IMAGE, POLL, Scenario, SETTINGS, SIDECAR } from './scenario.js';

const WEB = application('web', { follows: true });

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
      scenario.registryFails(problem);
      scenario.wait(SETTINGS.firstImageWaitMs - 1);
      expect(scenario.started()).toBeUndefined();
      scenario.wait(1);
      expect(scenario.startedApps()).toEqual(['web']);
    });

    it('takes the tag in the code at once when the repository is not there', () => {
      const scenario = new Scenario().start().commit('c1', [WEB]);
      const problem = { code: 'registry/denied', message: 'no such repository' } as const;
      const found = [{ app: 'web', policy: scenario.policyOf('web'), builds: [] }];
      scenario.send({ type: 'buildsListed', poll: POLL, found, problem });
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

    it('answered under a filter that changed meanwhile counts for nothing, and is asked again at once', () => {
      const scenario = new Scenario().settled(WEB).wait(SETTINGS.registryIntervalMs * 2);
      const asked = scenario.policyOf('web');
      const wanted = application('web', { follows: true, allow: '^main-' });
      scenario.commit('c2', [wanted]);
      scenario.found('web', asked, [{ tag: 'master-1', digest: 'sha256:1', createdAt: 9 }]);
      expect(scenario.app('web').target?.images).toEqual({ [IMAGE]: 'master-0' });
      expect(scenario.effects).toContainEqual({
        type: 'listBuilds',
        poll: POLL,
        followers: [{ app: 'web', policy: wanted.images[0] }],
      });
    });

    it('under a new filter is asked at once, and judged by it', () => {
      const scenario = new Scenario().settled(WEB);
      scenario.commit('c2', [application('web', { follows: true, allow: '^main-' })]);
      expect(scenario.effects.map(({ type }) => type)).toContain('listBuilds');
      scenario.builds('web', ['main-1', 5]);
      expect(scenario.app('web').target?.images).toEqual({ [IMAGE]: 'main-1' });
    });

    it('is one for all applications that follow an image, and answers each by its own policy', () => {
      const shop = application('shop', { follows: true, allow: '^dev-', tag: 'dev-0' });
      const arm = application('arm', { policy: newestBuild(IMAGE, { platform: 'linux/arm64' }) });
      const scenario = new Scenario().start().commit('c1', [WEB, shop, arm]);
      const polls = scenario.effects.filter((effect) => effect.type === 'listBuilds');
      expect(polls).toEqual([
        {
          type: 'listBuilds',
          poll: POLL,
          followers: [
            { app: 'web', policy: WEB.images[0] },
            { app: 'shop', policy: shop.images[0] },
          ],
        },
        { type: 'listBuilds', poll: `${IMAGE} linux/arm64`, followers: [{ app: 'arm', policy: arm.images[0] }] },
      ]);
      const found = [
        { app: 'web', policy: scenario.policyOf('web'), builds: [{ tag: 'master-1', digest: 'd', createdAt: 1 }] },
        { app: 'shop', policy: scenario.policyOf('shop'), builds: [{ tag: 'dev-1', digest: 'd', createdAt: 1 }] },
      ];
      scenario.send({ type: 'buildsListed', poll: POLL, found });
      expect(scenario.state.overrides).toEqual({ web: { [IMAGE]: 'master-1' }, shop: { [IMAGE]: 'dev-1' } });
    });

    it('answered after the application left Git is dropped', () => {
      const scenario = new Scenario()
        .settled(WEB)
        .commit('c2', [application('db')])
        .builds('web', ['master-1', 2]);
      expect(scenario.state.registry).toEqual({});
      expect(scenario.state.overrides).toEqual({});
    });

    it('is not asked twice at the same time, but once more for an application that came back meanwhile', () => {
      const scenario = new Scenario().settled(WEB).wait(SETTINGS.registryIntervalMs * 2);
      expect(scenario.effects.map(({ type }) => type)).toContain('listBuilds');
      scenario.commit('c2', [application('db')]).commit('c3', [WEB]);
      expect(scenario.effects.map(({ type }) => type)).not.toContain('listBuilds');
      scenario.builds('web', ['master-0', 1]);
      expect(scenario.effects.map(({ type }) => type)).toContain('listBuilds');
      scenario.builds('web', ['master-0', 1]);
      expect(scenario.state.registry[POLL]?.inFlight).toBe(false);
    });

    it('is asked with the login that the policy names', () => {
      const scenario = new Scenario().start();
      scenario.commit('c1', [application('web', { policy: newestBuild(IMAGE, { pullSecret: { config: 'PULL' } }) })]);
      expect(scenario.effects).toMatchObject([{ type: 'listBuilds', login: { kind: 'config', key: 'web.PULL' } }]);
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
    const shop = application('shop', { policy: newestBuild(SIDECAR) });
    const scenario = new Scenario().start().commit('c1', [WEB, shop]);
    scenario.builds('web', ['master-0', 1]).buildsOf(SIDECAR, 'shop', ['master-0', 1]);
    scenario.send({ type: 'retryImageRequested', app: 'web', by: 'me' });
    const polls = scenario.effects.filter(({ type }) => type !== 'audit');
    const followers = [{ app: 'web', policy: WEB.images[0] }];
    expect(polls).toEqual([{ type: 'listBuilds', poll: POLL, followers }]);
  });

  it('a person who asks for a poll does not cut Retry-After short', () => {
    const scenario = new Scenario().settled(WEB).wait(SETTINGS.registryIntervalMs * 2);
    const problem = { code: 'registry/rate-limited', message: '429' } as const;
    scenario.registryFails(problem, 60_000);
    scenario.send({ type: 'pollRequested', source: 'registry' });
    expect(scenario.effects).toEqual([]);
    expect(scenario.state.registry[POLL]?.nextAt).toBe(scenario.at + 60_000);
    scenario.wait(60_000);
    expect(scenario.effects.map(({ type }) => type)).toContain('listBuilds');
  });

  describe('of a policy that looks at signatures', () => {
    const policy = newestBuild(IMAGE, { verify: { cosignKey: 'cosign' } });
    const signed = application('web', { policy });
    const build = (tag: string, createdAt: number): ImageBuild => ({ tag, digest: `sha256:${tag}`, createdAt });
    const problem = { code: 'image/unverified', message: 'b is not taken: it has no signature' } as const;

    it('what is signed is deployed by its digest, also where the same tag ran without', () => {
      const scenario = new Scenario().settled(application('web', { policy: newestBuild(IMAGE), tag: 'master-0' }));
      scenario.commit('c2', [signed]).found('web', policy, [build('master-0', 1)]);
      expect(scenario.started()?.overrides).toEqual({ web: { [IMAGE]: 'master-0@sha256:master-0' } });
    });

    it('why a better one is not taken is shown until it is', () => {
      const scenario = new Scenario().start().commit('c1', [signed]);
      const found = { app: 'web', policy, builds: [build('a', 1)], problem };
      scenario.send({ type: 'buildsListed', poll: POLL, found: [found] });
      expect(summarize(scenario.state).apps[0]?.problems).toEqual([problem]);
      scenario.found('web', policy, [build('b', 2)]);
      expect(summarize(scenario.state).apps[0]?.problems).toEqual([]);
      expect(scenario.state.overrides).toEqual({ web: { [IMAGE]: 'b@sha256:b' } });
    });

    it('a build that may not be taken still tells how old the one in force is', () => {
      const scenario = new Scenario().start().commit('c1', [application('web', { policy, tag: 'running' })]);
      const found = { app: 'web', policy, builds: [build('older', 1)], others: [build('running', 5)] };
      scenario.send({ type: 'buildsListed', poll: POLL, found: [found] });
      expect(scenario.state.overrides).toEqual({});
    });
  });

  describe('of a policy that follows versions', () => {
    const versioned = application('web', { policy: semver(IMAGE, { range: '1.x' }), tag: '1.0.0' });

    it('a higher version is taken, and a deleted one does not bring the lower one back', () => {
      const scenario = new Scenario().start().commit('c1', [versioned]).builds('web', ['1.2.0', 5]).finish();
      scenario.observe('web', HEALTHY).builds('web', ['1.1.9', 9]);
      expect(scenario.app('web').target?.images).toEqual({ [IMAGE]: '1.2.0' });
      const restarted = new Scenario().start(scenario.state).commit('c1', [versioned]).builds('web', ['1.1.9', 9]);
      expect(restarted.app('web').target?.images).toEqual({ [IMAGE]: '1.2.0' });
    });

    it('a range that no longer holds what runs takes the best that it holds, because a person said so', () => {
      const scenario = new Scenario().start().commit('c1', [versioned]).builds('web', ['1.2.0', 5]).finish();
      scenario
        .observe('web', HEALTHY)
        .commit('c2', [application('web', { policy: semver(IMAGE, { range: '1.1.x' }), tag: '1.0.0' })]);
      scenario.builds('web', ['1.1.9', 9]);
      expect(scenario.app('web').target?.images).toEqual({ [IMAGE]: '1.1.9' });
    });
  });

  describe('of a policy that follows a digest', () => {
    const stable = application('web', { policy: digest(IMAGE, { tag: 'stable' }), tag: 'stable' });
    const at = (sha: string, createdAt: number): ImageBuild => ({ tag: 'stable', digest: `sha256:${sha}`, createdAt });
    const running = (): Scenario => {
      const scenario = new Scenario().start().commit('c1', [stable]);
      scenario
        .found('web', scenario.policyOf('web'), [at('a', 1)])
        .finish()
        .observe('web', HEALTHY);
      return scenario;
    };
    const next = (scenario: Scenario, ...builds: ImageBuild[]): Scenario =>
      scenario.found('web', scenario.policyOf('web'), builds);

    it('the tag is deployed with what it points to', () => {
      expect(running().app('web').synced?.images).toEqual({ [IMAGE]: 'stable@sha256:a' });
    });

    it('a tag that was pushed again is a rollout, shown with its digest', () => {
      const scenario = next(running(), at('b', 2));
      expect(scenario.app('web').operation?.kind).toBe('image');
      expect(scenario.started()?.overrides).toEqual({ web: { [IMAGE]: 'stable@sha256:b' } });
      expect(summarize(scenario.state).apps[0]?.images).toEqual({ [IMAGE]: 'stable@sha256:b' });
      const recorded = scenario.finish().effects.filter((effect) => effect.type === 'record');
      expect(recorded).toMatchObject([{ entry: { images: { [IMAGE]: 'stable@sha256:b' } } }]);
    });

    it.each([
      ['deleted', []],
      ['pushed again with an older build', [at('0', 0)]],
      ['where it was', [at('a', 1)]],
    ])('a tag that is %s changes nothing, not even after a restart', (_what, builds) => {
      const scenario = next(running(), ...builds);
      expect(scenario.started()).toBeUndefined();
      const restarted = new Scenario().start(scenario.state).commit('c1', [stable]);
      expect(next(restarted, ...builds).app('web').target?.images).toEqual({ [IMAGE]: 'stable@sha256:a' });
    });

    it('a tag that was moved back is told, until it moves on', () => {
      const scenario = next(running(), at('0', 0));
      expect(summarize(scenario.state).apps[0]?.problems).toMatchObject([{ code: 'image/older' }]);
      next(scenario, at('a', 1));
      expect(summarize(scenario.state).apps[0]?.problems).toEqual([]);
    });

    it('a push that fails is rolled back to the digest before it, and not taken again', () => {
      const scenario = next(running(), at('b', 2)).finish().observe('web', FAILING).wait(SETTINGS.rolloutGraceMs);
      expect(scenario.started()?.overrides).toEqual({ web: { [IMAGE]: 'stable@sha256:a' } });
      scenario.finish().observe('web', HEALTHY);
      expect(next(scenario, at('b', 2)).started()).toBeUndefined();
      expect(next(scenario, at('c', 3)).started()?.overrides).toEqual({ web: { [IMAGE]: 'stable@sha256:c' } });
    });

    it('a commit does not take the digest away again', () => {
      const scenario = running().commit('c2', [{ ...stable }]);
      expect(scenario.started()).toBeUndefined();
      expect(scenario.app('web').target?.images).toEqual({ [IMAGE]: 'stable@sha256:a' });
    });
  });
});
