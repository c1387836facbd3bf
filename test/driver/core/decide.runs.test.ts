import { describe, expect, it } from 'vitest';
import { nextWakeAt } from '../../../src/driver/core/advance.js';
import { summarize } from '../../../src/driver/core/summarize.js';
import { application, HEALTHY, IMAGE, Scenario } from './scenario.js';

const [A, B, C] = ['a', 'b', 'c'].map((name) => application(name)) as [
  ReturnType<typeof application>,
  ReturnType<typeof application>,
  ReturnType<typeof application>,
];

describe('driver/core/decide runs', () => {
  it('history tells what was not deleted because it is somebody else’s, also of an application that is gone', () => {
    const scenario = new Scenario().start().commit('c1', [A, B]).finish().commit('c2', [B]);
    const spared = ['ConfigMap default/a (its label is gone)'];
    const run = scenario.state.run?.id ?? 0;
    scenario.send({ type: 'runFinished', run, outcomes: [{ app: 'a', changed: true, spared }] });
    expect(scenario.effects.filter(({ type }) => type === 'record')).toMatchObject([
      {
        entry: {
          app: 'a',
          kind: 'prune',
          outcome: 'succeeded',
          message: 'not deleted: ConfigMap default/a (its label is gone)',
        },
      },
    ]);
    expect(scenario.state.apps['a']).toBeUndefined();
  });

  describe('an engine that fails as a whole', () => {
    it('is asked again for one application after the other, and then for all', () => {
      const scenario = new Scenario().start().commit('c1', [A, B, C]).fail().wait(1_000);
      expect(scenario.startedApps()).toEqual(['a']);
      scenario.finish();
      expect(scenario.startedApps()).toEqual(['b', 'c']);
    });

    it('waits longer and longer', () => {
      const scenario = new Scenario().start().commit('c1', [A, B]);
      const waits = Array.from({ length: 8 }, () => {
        scenario.fail('cluster/unreachable');
        const waited = scenario.state.engine.retryAt - scenario.at;
        expect(nextWakeAt(scenario.state, scenario.at)).toBeLessThanOrEqual(scenario.at + waited);
        scenario.wait(waited);
        return waited / 1_000;
      });
      expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
    });

    it('finds the one that is to blame, which does not hold up the others', () => {
      const scenario = new Scenario().start().commit('c1', [A, B, C]).fail('engine/failed').wait(1_000);
      scenario.fail('engine/failed');
      expect(scenario.app('a')).toMatchObject({ attempts: 1, problem: { code: 'engine/failed' } });
      expect(scenario.effects).toContainEqual(expect.objectContaining({ type: 'record' }));
      scenario.wait(2_000);
      expect(scenario.startedApps()).toEqual(['b']);
      scenario.finish();
      expect(scenario.startedApps()).toEqual(['c']);
      scenario.finish();
      expect(scenario.app('a').synced).toBeUndefined();
    });

    it.each(['cluster/unreachable', 'engine/busy'] as const)(
      'does not blame an application that ran alone for %s',
      (code) => {
        const scenario = new Scenario()
          .settled(A)
          .commit('c2', [application('a', { note: 'x' })])
          .fail(code);
        expect(scenario.app('a')).toMatchObject({ attempts: 0, retryAt: 0 });
        expect(summarize(scenario.state).engineProblem?.code).toBe(code);
        scenario.wait(1_000);
        expect(scenario.startedApps()).toEqual(['a']);
      },
    );

    it('is the answer to a person who asked while the cluster cannot be reached', () => {
      const scenario = new Scenario().settled(A).sync('a').fail('cluster/unreachable');
      expect(scenario.app('a').requested).toBeUndefined();
      expect(scenario.app('a').problem?.code).toBe('cluster/unreachable');
    });

    it('does not lose what a person asked for', () => {
      const manual = application('m', { sync: 'manual' });
      const scenario = new Scenario().start().commit('c1', [A, manual]);
      scenario.finish().sync('a').finish();
      scenario.send({ type: 'clusterSeen', reachable: false }).sync('m').sync('a');
      scenario.send({ type: 'clusterSeen', reachable: true });
      expect(scenario.startedApps()).toEqual(['a', 'm']);
      scenario.fail().wait(1_000).finish();
      expect(scenario.startedApps()).toEqual(['m']);
      expect(scenario.app('m').operation?.by).toBe('me');
    });

    it('because the state was lost deploys all again that the stack does not know any more', () => {
      const other = application('b');
      const scenario = new Scenario().start().commit('c1', [A, other]).finish();
      scenario.commit('c2', [application('a', { note: 'x' }), other]);
      const problem = { code: 'engine/state-lost', message: '' } as const;
      scenario.send({
        type: 'runFailed',
        run: scenario.run().id,
        problem,
        outputs: { images: {}, fingerprints: {} },
      });
      scenario.wait(2_000).finish();
      expect(scenario.startedApps()).toEqual(['b']);
    });

    it('after which the stack knows all that we do deploys nothing else again', () => {
      const other = application('b');
      const scenario = new Scenario().start().commit('c1', [A, other]).finish();
      const { a, b } = scenario.state.apps;
      const fingerprints = { a: a?.synced?.objectsFingerprint ?? '', b: b?.synced?.objectsFingerprint ?? '' };
      scenario.commit('c2', [application('a', { note: 'x' }), other]);
      const problem = { code: 'engine/crashed', message: '' } as const;
      scenario.send({ type: 'runFailed', run: scenario.run().id, problem, outputs: { images: {}, fingerprints } });
      scenario.wait(20_000).finish().wait(20_000);
      expect(scenario.started()).toBeUndefined();
    });

    it('waits as long as it is told to', () => {
      const scenario = new Scenario().start().commit('c1', [A]);
      const problem = { code: 'engine/busy', message: '' } as const;
      scenario.send({ type: 'runFailed', run: scenario.run().id, problem, retryAfterMs: 30_000 });
      expect(scenario.state.engine.retryAt).toBe(scenario.at + 30_000);
    });
  });

  describe('a cluster that comes back', () => {
    it('makes what waited for it go on at once', () => {
      const scenario = new Scenario().settled(A).send({ type: 'clusterSeen', reachable: false });
      scenario.commit('c2', [application('a', { note: 'x' })]).sync('a');
      scenario.send({ type: 'clusterSeen', reachable: true }).fail('cluster/unreachable');
      expect(scenario.app('a').retryAt).toBeGreaterThan(scenario.at);
      scenario.send({ type: 'clusterSeen', reachable: false }).send({ type: 'clusterSeen', reachable: true });
      expect(scenario.startedApps()).toEqual(['a']);
    });

    it('that was not away changes no back-off', () => {
      const scenario = new Scenario().start().commit('c1', [A]).fail().send({ type: 'clusterSeen', reachable: true });
      expect(scenario.started()).toBeUndefined();
    });
  });

  describe('one application that fails', () => {
    it('backs off until its target changes', () => {
      const scenario = new Scenario().start().commit('c1', [A]);
      const waits = Array.from({ length: 7 }, () => {
        scenario.finishBut('a');
        const waited = scenario.app('a').retryAt - scenario.at;
        scenario.wait(waited);
        return waited / 1_000;
      });
      expect(waits).toEqual([5, 10, 20, 40, 80, 160, 180]);
      scenario.finishBut('a').commit('c2', [application('a', { note: 'x' })]);
      expect(scenario.startedApps()).toEqual(['a']);
      expect(scenario.app('a').attempts).toBe(0);
    });

    it('gets no new chance by a commit that leaves it as it is', () => {
      const scenario = new Scenario().start().commit('c1', [A]).finishBut('a').commit('c2', [A]);
      expect(scenario.started()).toBeUndefined();
    });

    it('does not count as synced in the outputs of the next runs', () => {
      const scenario = new Scenario().start().commit('c1', [A, B]).finishBut('a').sync('b');
      expect(Object.keys(scenario.started()?.deployment.fingerprints ?? {})).toEqual(['b']);
    });
  });

  describe('a request of a person', () => {
    it('during an operation is carried out after it', () => {
      const scenario = new Scenario().settled(A).sync('a').sync('a');
      expect(scenario.started()).toBeUndefined();
      scenario.finish();
      expect(scenario.startedApps()).toEqual(['a']);
      scenario.finish().wait(1);
      expect(scenario.started()).toBeUndefined();
    });

    it('during an operation that fails is carried out after it', () => {
      const scenario = new Scenario().settled(A).sync('a').sync('a').finishBut('a');
      expect(scenario.startedApps()).toEqual(['a']);
    });

    it('does not wait for the back-off', () => {
      const scenario = new Scenario().start().commit('c1', [A]).finishBut('a').sync('a');
      expect(scenario.started()).toMatchObject({ repair: ['a'] });
    });

    it('for an application that never could be synthesized is answered at once', () => {
      const scenario = new Scenario()
        .start()
        .commit('c1', [B], { failed: { a: { message: 'boom' } } })
        .sync('a');
      expect(scenario.app('a').requested).toBeUndefined();
      expect(scenario.app('a').problem).toEqual({ code: 'synth/threw', message: 'boom' });
      scenario.finish().commit('c2', [A, B]);
      expect(scenario.startedApps()).toEqual(['a']);
      expect(scenario.app('a').problem).toBeUndefined();
    });

    it('for an application that nobody knows changes nothing', () => {
      const scenario = new Scenario().settled(A);
      const before = scenario.state;
      expect(scenario.sync('nobody').state).toEqual(before);
    });
  });

  describe('the end of a run', () => {
    it('that belongs to another run is ignored', () => {
      const scenario = new Scenario().start().commit('c1', [A]);
      const before = scenario.state;
      scenario.send({ type: 'runFinished', run: 77, outcomes: [{ app: 'a', changed: true }] });
      expect(scenario.state).toEqual(before);
      scenario.send({ type: 'runFailed', run: 77, problem: { code: 'engine/failed', message: '' } });
      expect(scenario.state).toEqual(before);
    });

    it('that says nothing about an application counts as its failure', () => {
      const scenario = new Scenario().start().commit('c1', [A, B]);
      scenario.send({ type: 'runFinished', run: scenario.run().id, outcomes: [{ app: 'b', changed: true }] });
      expect(scenario.app('a')).toMatchObject({ attempts: 1, problem: { code: 'engine/failed' } });
      expect(scenario.app('a').operation).toBeUndefined();
    });
  });

  it('runs name all synced applications in their outputs', () => {
    const web = application('web', { follows: true });
    const shop = application('shop', { follows: true });
    const scenario = new Scenario().start().commit('c1', [A, web, shop]).finish();
    scenario.builds('web', ['master-1', 1]).finish().builds('shop', ['master-2', 2]);
    const { deployment } = scenario.started() ?? {};
    expect(deployment?.images).toEqual({ web: { [IMAGE]: 'master-1' }, shop: { [IMAGE]: 'master-2' } });
    expect(deployment?.fingerprints).toEqual({
      a: scenario.app('a').synced?.objectsFingerprint,
      web: scenario.app('web').synced?.objectsFingerprint,
      shop: scenario.app('shop').target?.objectsFingerprint,
    });
  });

  it('the most urgent go first when a run takes only one', () => {
    const web = application('web', { follows: true });
    const scenario = new Scenario().start().commit('c1', [A, B, web]).finish().builds('web', ['master-0', 1]);
    scenario.finish().observe('web', HEALTHY).observe('a', HEALTHY).observe('b', HEALTHY);
    scenario.send({ type: 'clusterSeen', reachable: false }).builds('web', ['master-1', 2]);
    scenario.commit('c2', [application('a', { note: 'x' }), web]);
    scenario.state = { ...scenario.state, settings: { ...scenario.state.settings, batchSize: 1 } };
    scenario.send({ type: 'clusterSeen', reachable: true });
    const order = [scenario.startedApps()];
    order.push(scenario.finish().startedApps(), scenario.finish().startedApps());
    expect(order).toEqual([['web'], ['a'], ['b']]);
  });

  it('nothing is started when the daemon stops, and what runs may end', () => {
    const scenario = new Scenario().start().commit('c1', [A]).send({ type: 'stopRequested' });
    scenario.commit('c2', [A, B]).finish();
    expect(scenario.effects.map(({ type }) => type)).toEqual(['record']);
    expect(scenario.app('a').synced?.revision).toBe('c2');
  });
});
