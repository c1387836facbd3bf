import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextWakeAt } from '../../../src/driver/core/advance.js';
import type { EventBody } from '../../../src/driver/core/events.js';
import { summarize } from '../../../src/driver/core/summarize.js';
import { application, DRIFTED, FAILING, HEALTHY, IMAGE, POLL, Scenario, seen, SETTINGS } from './scenario.js';

describe('driver/core/decide', () => {
  describe('first sync', () => {
    it('waits for the registry, then deploys the newest allowed build', () => {
      const scenario = new Scenario().start().commit('c1', [application('web', { follows: true })]);
      expect(scenario.started()).toBeUndefined();
      scenario.builds('web', ['master-1', 10], ['master-2', 20]);
      expect(scenario.started()?.overrides).toEqual({ web: { [IMAGE]: 'master-2' } });
    });

    it('takes the tag in the code when the registry stays silent', () => {
      const scenario = new Scenario().start().commit('c1', [application('web', { follows: true })]);
      scenario.wait(SETTINGS.firstImageWaitMs);
      expect(scenario.started()?.overrides).toEqual({});
    });

    it('does not wait for an application without an image policy', () => {
      const scenario = new Scenario().start().commit('c1', [application('db'), application('web', { follows: true })]);
      expect(scenario.started()?.deployment.apps.map(({ name }) => name)).toEqual(['db']);
    });
  });

  describe('polls', () => {
    it('without news start nothing', () => {
      const scenario = new Scenario().settled(application('web', { follows: true }));
      scenario.send({ type: 'headSeen', commit: 'c1' }).builds('web', ['master-0', 1]);
      expect(scenario.effects).toEqual([]);
    });

    it('wait as long as a registry asks', () => {
      const scenario = new Scenario().settled(application('web', { follows: true }));
      const problem = { code: 'registry/rate-limited', message: '' } as const;
      scenario.wait(SETTINGS.registryIntervalMs * 2);
      scenario.registryFails(problem, 777_000);
      expect(scenario.state.registry[POLL]?.nextAt).toBe(scenario.at + 777_000);
    });

    it('a commit with the same objects runs nothing and is in force', () => {
      const scenario = new Scenario().settled(application('db')).commit('c2', [application('db')]);
      expect(scenario.started()).toBeUndefined();
      expect(summarize(scenario.state).apps[0]).toMatchObject({ sync: 'Synced', revision: 'c2' });
    });
  });

  describe('a new image', () => {
    it('updates its application alone and keeps the outputs of the others', () => {
      const scenario = new Scenario().start();
      scenario.commit('c1', [application('db'), application('web', { follows: true })]).finish();
      scenario.builds('web', ['master-0', 1]).finish();
      scenario.observe('db', HEALTHY).observe('web', HEALTHY).builds('web', ['master-1', 2]);
      const run = scenario.started();
      expect(run?.deployment.apps.map(({ name }) => name)).toEqual(['web']);
      expect(Object.keys(run?.deployment.fingerprints ?? {}).sort()).toEqual(['db', 'web']);
      expect(run?.deployment.images).toEqual({ web: { [IMAGE]: 'master-1' } });
    });

    it('that comes during a run is deployed after it', () => {
      const scenario = new Scenario().settled(application('web', { follows: true })).builds('web', ['master-1', 2]);
      scenario.builds('web', ['master-2', 3]);
      expect(scenario.started()).toBeUndefined();
      scenario.finish();
      expect(scenario.started()?.overrides).toEqual({ web: { [IMAGE]: 'master-2' } });
    });

    it('older than the current one is not taken', () => {
      const scenario = new Scenario().settled(application('web', { follows: true })).builds('web', ['master-1', 9]);
      scenario.finish().observe('web', HEALTHY).builds('web', ['master-old', 5]);
      expect(scenario.started()).toBeUndefined();
      expect(scenario.app('web').target?.images).toEqual({ [IMAGE]: 'master-1' });
    });
  });

  describe('rollback', () => {
    function broken(): Scenario {
      const scenario = new Scenario().settled(application('web', { follows: true })).builds('web', ['master-1', 2]);
      return scenario.finish().observe('web', FAILING);
    }

    it('happens after the grace period, to the last healthy image, and marks the tag', () => {
      const scenario = broken().wait(SETTINGS.rolloutGraceMs - 1);
      expect(scenario.started()).toBeUndefined();
      scenario.wait(1);
      expect(scenario.started()?.overrides).toEqual({ web: { [IMAGE]: 'master-0' } });
      expect(scenario.app('web').operation?.kind).toBe('rollback');
      expect(scenario.app('web').badImages).toMatchObject([{ tag: 'master-1', reason: 'CrashLoopBackOff' }]);
    });

    it('happens at once when the rollout is Degraded', () => {
      const scenario = broken().observe('web', seen({ status: 'Degraded', message: 'deadline' }));
      expect(scenario.app('web').operation?.kind).toBe('rollback');
    });

    it('is not undone by the registry, but a newer build is taken', () => {
      const scenario = broken().wait(SETTINGS.rolloutGraceMs).finish().observe('web', HEALTHY);
      scenario.builds('web', ['master-0', 1], ['master-1', 2]);
      expect(scenario.started()).toBeUndefined();
      expect(summarize(scenario.state).apps[0]?.message).toContain('rolled back from master-1');
      scenario.builds('web', ['master-1', 2], ['master-2', 3]);
      expect(scenario.started()?.overrides).toEqual({ web: { [IMAGE]: 'master-2' } });
      expect(summarize(scenario.state).apps[0]?.message).toBeUndefined();
    });

    it('a person can ask for the bad image again', () => {
      const scenario = broken().wait(SETTINGS.rolloutGraceMs).finish().observe('web', HEALTHY);
      scenario.send({ type: 'retryImageRequested', app: 'web', by: 'me' }).builds('web', ['master-1', 2]);
      expect(scenario.started()?.overrides).toEqual({ web: { [IMAGE]: 'master-1' } });
    });

    it('does not happen when pods recover in time', () => {
      const scenario = broken()
        .wait(1_000)
        .observe('web', HEALTHY)
        .wait(SETTINGS.rolloutGraceMs * 2);
      expect(scenario.app('web').badImages).toEqual([]);
      expect(scenario.app('web').lastHealthy?.images).toEqual({ [IMAGE]: 'master-1' });
    });

    it('is remembered across a restart, and a rollout that a restart interrupts is followed on', () => {
      const before = broken();
      const restarted = new Scenario();
      restarted.at = before.at;
      restarted.start(before.state).commit('c1', [application('web', { follows: true })]);
      restarted.observe('web', FAILING).wait(SETTINGS.rolloutGraceMs);
      expect(restarted.app('web').badImages).toMatchObject([{ tag: 'master-1' }]);
      const again = new Scenario().start(restarted.finish().state);
      again.commit('c1', [application('web', { follows: true })]).builds('web', ['master-1', 2]);
      expect(again.app('web').target?.images).toEqual({ [IMAGE]: 'master-0' });
    });
  });

  describe('self-heal', () => {
    it('repairs drift at once, and later and later when someone fights', () => {
      const scenario = new Scenario().settled(application('db')).observe('db', DRIFTED);
      expect(scenario.started()?.repair).toEqual(['db']);
      scenario.finish().observe('db', DRIFTED);
      expect(scenario.started()).toBeUndefined();
      scenario.wait(2_000);
      expect(scenario.started()?.repair).toEqual(['db']);
      scenario.finish().observe('db', DRIFTED).wait(2_000);
      expect(scenario.started()).toBeUndefined();
      scenario.wait(4_000);
      expect(scenario.started()?.repair).toEqual(['db']);
    });

    it.each([
      ['manual', 'manual'],
      ['automated without self-heal', { selfHeal: false }],
    ] as const)('leaves an application that is %s alone', (_name, sync) => {
      const scenario = new Scenario().start().commit('c1', [application('db', { sync })]);
      if (scenario.state.run === undefined) {
        scenario.send({ type: 'syncRequested', app: 'db', by: 'me', prune: false });
      }
      scenario.finish().observe('db', DRIFTED).wait(600_000);
      expect(scenario.started()).toBeUndefined();
      expect(summarize(scenario.state).apps[0]?.sync).toBe('OutOfSync');
    });
  });

  it('a manual application is reported, and synced when a person asks', () => {
    const scenario = new Scenario().start().commit('c1', [application('redis', { sync: 'manual' })]);
    expect(scenario.started()).toBeUndefined();
    expect(scenario.effects).toContainEqual({ type: 'watch', app: 'redis' });
    expect(summarize(scenario.state).apps[0]?.sync).toBe('OutOfSync');
    scenario.send({ type: 'syncRequested', app: 'redis', by: 'me', prune: false });
    expect(scenario.app('redis').operation?.by).toBe('me');
  });

  describe('removal', () => {
    const three = ['a', 'b', 'c'].map((name) => application(name));
    function deployed(apps = three): Scenario {
      const scenario = new Scenario().start().commit('c1', apps);
      return scenario.state.run === undefined ? scenario : scenario.finish();
    }

    it('of one application prunes it and forgets its override', () => {
      const scenario = deployed().commit('c2', three.slice(1));
      expect(scenario.started()?.remove).toEqual(['a']);
      scenario.finish();
      expect(scenario.state.apps['a']).toBeUndefined();
    });

    it('of every application waits for a person', () => {
      const scenario = deployed().commit('c2', []).wait(600_000);
      expect(scenario.started()).toBeUndefined();
      scenario.send({ type: 'syncRequested', app: 'b', by: 'me', prune: true });
      expect(scenario.started()?.remove).toEqual(['b']);
    });

    it('of most applications waits for a person', () => {
      const scenario = deployed().commit('c2', three.slice(2));
      expect(scenario.started()).toBeUndefined();
    });

    it('by switching off is not guarded', () => {
      const scenario = deployed().commit('c2', [], { disabled: ['a', 'b', 'c'] });
      expect(scenario.started()?.remove).toEqual(['a', 'b', 'c']);
    });

    it('of an application that comes back deploys it again', () => {
      const scenario = deployed().commit('c2', three.slice(1)).commit('c3', three).finish();
      expect(scenario.started()?.deployment.apps.map(({ name }) => name)).toEqual(['a']);
    });

    it('does not follow from a failed synthesis', () => {
      const failed = { a: { message: 'boom' } };
      const scenario = deployed().commit('c2', three.slice(1), { failed });
      expect(scenario.started()).toBeUndefined();
      expect(summarize(scenario.state).apps[0]?.problems).toMatchObject([{ message: 'boom' }]);
      expect(scenario.app('a').definition?.name).toBe('a');
    });
  });

  describe('a commit that cannot be taken', () => {
    const problem = { code: 'synth/threw', message: 'x' } as const;

    it('changes nothing and is not tried again', () => {
      const scenario = new Scenario().settled(application('db')).send({ type: 'headSeen', commit: 'bad' });
      scenario.send({ type: 'revisionRejected', commit: 'bad', transient: false, problem });
      expect(summarize(scenario.state)).toMatchObject({ revision: { commit: 'c1' }, rejected: { commit: 'bad' } });
      scenario.send({ type: 'headSeen', commit: 'bad' });
      expect(scenario.effects).toEqual([]);
    });

    it('for a passing reason is tried again', () => {
      const scenario = new Scenario().settled(application('db')).send({ type: 'headSeen', commit: 'new' });
      scenario.send({ type: 'revisionRejected', commit: 'new', transient: true, problem });
      scenario.at += 20_000;
      scenario.send({ type: 'headSeen', commit: 'new' });
      expect(scenario.effects).toContainEqual({ type: 'synthesize', commit: 'new' });
    });

    it('is followed by the newer head when the branch moved meanwhile', () => {
      const scenario = new Scenario().settled(application('db')).send({ type: 'headSeen', commit: 'c2' });
      scenario.send({ type: 'headSeen', commit: 'c3' });
      scenario.send({ type: 'revisionRejected', commit: 'c2', transient: false, problem });
      expect(scenario.effects).toContainEqual({ type: 'synthesize', commit: 'c3' });
    });
  });

  describe('failures of the engine', () => {
    const problem = { code: 'engine/failed', message: 'x' } as const;

    it('of one application backs off and does not hold up the others', () => {
      const scenario = new Scenario().start().commit('c1', [application('a'), application('b')]);
      const { id } = scenario.run();
      scenario.send({
        type: 'runFinished',
        run: id,
        outcomes: [
          { app: 'a', changed: false, problem },
          { app: 'b', changed: true },
        ],
      });
      expect(scenario.app('b').synced?.revision).toBe('c1');
      expect(scenario.app('a').retryAt).toBe(scenario.at + 5_000);
      scenario.wait(5_000);
      expect(scenario.started()?.deployment.apps.map(({ name }) => name)).toEqual(['a']);
    });

    it('as a whole is tried again with one application a run', () => {
      const scenario = new Scenario().start().commit('c1', [application('a'), application('b')]);
      scenario.send({ type: 'runFailed', run: scenario.run().id, problem });
      expect(scenario.started()).toBeUndefined();
      scenario.wait(1_000);
      expect(scenario.started()?.deployment.apps).toHaveLength(1);
      scenario.finish();
      expect(scenario.started()?.deployment.apps.map(({ name }) => name)).toEqual(['b']);
    });

    it('nothing runs while the cluster cannot be reached', () => {
      const scenario = new Scenario().start().send({ type: 'clusterSeen', reachable: false });
      scenario.commit('c1', [application('a')]);
      expect(scenario.started()).toBeUndefined();
      scenario.send({ type: 'clusterSeen', reachable: true });
      expect(scenario.started()).toBeDefined();
    });
  });

  describe('any sequence of events', () => {
    const problem = { code: 'engine/failed', message: 'x' } as const;
    const step = fc.oneof(
      fc.record({
        do: fc.constant('commit' as const),
        note: fc.constantFrom('1', '2', '3'),
        names: fc.subarray(['a', 'b', 'c']),
      }),
      fc.record({
        do: fc.constant('build' as const),
        app: fc.constantFrom('a', 'b', 'c'),
        time: fc.integer({ min: 1, max: 9 }),
      }),
      fc.record({
        do: fc.constant('see' as const),
        app: fc.constantFrom('a', 'b', 'c'),
        what: fc.constantFrom(HEALTHY, FAILING, DRIFTED),
      }),
      fc.record({ do: fc.constantFrom('finish' as const, 'fail' as const) }),
      fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 400_000 }) }),
    );
    type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

    function play(scenario: Scenario, one: Step): void {
      const apps = (names: readonly string[], note: string) =>
        names.map((name) => application(name, { follows: true, note }));
      switch (one.do) {
        case 'commit':
          scenario.commit(`c${one.note}${one.names.join('')}`, apps(one.names, one.note));
          break;
        case 'build':
          scenario.builds(one.app, [`master-${one.time}`, one.time]);
          break;
        case 'see':
          scenario.observe(one.app, one.what);
          break;
        case 'wait':
          scenario.wait(one.ms);
          break;
        case 'finish':
        case 'fail':
          if (scenario.state.run !== undefined) {
            const failed: EventBody = { type: 'runFailed', run: scenario.run().id, problem };
            void (one.do === 'finish' ? scenario.finish() : scenario.send(failed));
          }
      }
    }

    it('never has two runs at once, never prunes what Git wants, and always has a time to wake up', () => {
      fc.assert(
        fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
          const scenario = new Scenario().start();
          for (const one of steps) {
            const before = scenario.state.run;
            play(scenario, one);
            const run = scenario.started();
            if (run !== undefined) {
              expect(before === undefined || scenario.state.run?.id !== before.id).toBe(true);
              expect(run.remove.filter((name) => scenario.app(name).target !== undefined)).toEqual([]);
            }
            const operating = Object.values(scenario.state.apps).filter(({ operation }) => operation !== undefined);
            expect(operating.every(({ operation }) => operation?.id === scenario.state.run?.id)).toBe(true);
            expect(nextWakeAt(scenario.state, scenario.at)).toBeGreaterThan(scenario.at);
          }
        }),
        { numRuns: 200 },
      );
    });

    it('ends Synced and Healthy once nothing fails any more', () => {
      fc.assert(
        fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
          const scenario = new Scenario().start();
          steps.forEach((one) => play(scenario, one));
          scenario.commit('last', [application('a'), application('b')]);
          for (let round = 0; round < 30; round += 1) {
            if (scenario.state.run !== undefined) {
              scenario.finish();
            }
            Object.keys(scenario.state.apps).forEach((name) => scenario.observe(name, HEALTHY));
            scenario.wait(400_000);
          }
          const { apps } = summarize(scenario.state);
          const wanted = apps.filter(({ name }) => name !== 'c');
          expect(wanted.map(({ sync, health }) => `${sync} ${health.status}`)).toEqual([
            'Synced Healthy',
            'Synced Healthy',
          ]);
        }),
        { numRuns: 100 },
      );
    });
  });
});
