import { describe, expect, it } from 'vitest';
import type { DesiredApp } from '../../../src/app/desired-state.js';
import { summarize } from '../../../src/driver/core/summarize.js';
import { application, DEGRADED, HEALTHY, IMAGE, Scenario } from './scenario.js';

const names = ['a', 'b', 'c', 'd'];
const four = names.map((name) => application(name));

function deployed(): Scenario {
  return new Scenario().start().commit('c1', four).finish();
}

/** A restart at which Git still wants what it wanted last. */
function restarted(before: Scenario, commit: string, apps = four): Scenario {
  const scenario = new Scenario();
  scenario.at = before.at + 60_000;
  return scenario.start(before.state).commit(commit, apps);
}

describe('driver/core/decide removal', () => {
  describe('waits for a person', () => {
    it.each([
      ['a manual application', 'manual'],
      ['an application that does not prune', { prune: false }],
    ] as const)('where it is of %s', (_what, sync) => {
      const scenario = new Scenario().start().commit('c1', [application('a', { sync }), application('b')]);
      scenario.finish();
      if (scenario.app('a').synced === undefined) {
        scenario.sync('a').finish();
      }
      scenario.commit('c2', [application('b')]).wait(600_000);
      expect(scenario.started()).toBeUndefined();
      expect(summarize(scenario.state).apps[0]?.message).toContain('prodesk sync a --prune');
      scenario.sync('a', true);
      expect(scenario.started()?.remove).toEqual(['a']);
    });

    it('and a request without the word prune is answered with what to say, and leaves everything as it is', () => {
      const scenario = deployed().commit('c2', []).sync('a');
      expect(scenario.started()).toBeUndefined();
      expect(scenario.app('a').requested).toBeUndefined();
      expect(scenario.app('a').problem?.code).toBe('prune/needs-confirmation');
      expect(scenario.app('a').problem?.message).toContain('prodesk sync a --prune');
    });

    it('and says why it is held', () => {
      const scenario = deployed().commit('c2', four.slice(3));
      expect(summarize(scenario.state).apps[0]?.problems).toMatchObject([
        { code: 'prune/needs-confirmation', message: expect.stringContaining('removes 3 of 4') as string },
      ]);
    });

    it('for each application by itself', () => {
      const scenario = deployed().commit('c2', four.slice(3)).sync('b', true).finish().wait(600_000);
      expect(scenario.started()).toBeUndefined();
      expect(Object.keys(scenario.state.apps).sort()).toEqual(['a', 'c', 'd']);
    });

    it('also after a restart, when only few are left', () => {
      const before = deployed().commit('c2', four.slice(3)).sync('b', true).finish().sync('c', true).finish();
      const scenario = restarted(before, 'c2', four.slice(3)).wait(600_000);
      expect(scenario.started()).toBeUndefined();
      expect(scenario.app('a').removal).toEqual({ reason: 'removed', held: true });
    });

    it('also when a second commit removes the rest', () => {
      const scenario = deployed().commit('c2', four.slice(3)).commit('c3', []);
      expect(scenario.started()).toBeUndefined();
      expect(scenario.app('d').removal?.held).toBe(true);
    });

    it('no longer when the application is switched off', () => {
      const scenario = deployed()
        .commit('c2', [])
        .commit('c3', [], { disabled: ['a'] });
      expect(scenario.started()?.remove).toEqual(['a']);
    });
  });

  describe('does not happen', () => {
    it('to what only the stack knows: whether it may be pruned is not known', () => {
      const outputs = { images: {}, fingerprints: { a: 'x', b: 'y' } };
      const scenario = new Scenario().send({ type: 'started', remembered: { apps: {} }, overrides: {}, outputs });
      scenario.commit('c1', [application('b')]);
      expect(scenario.startedApps()).toEqual(['b']);
      scenario.finish().wait(600_000);
      expect(scenario.startedApps()).toEqual([]);
      expect(scenario.app('a').removal).toBeDefined();
    });

    it('before the first revision after a restart, not even when a person asks', () => {
      const before = deployed().commit('c2', []);
      const scenario = new Scenario().start(before.state).sync('a', true);
      expect(scenario.started()).toBeUndefined();
      scenario.commit('c3', four);
      expect(scenario.app('a').removal).toBeUndefined();
      expect(scenario.started()?.remove ?? []).toEqual([]);
    });

    it('to an application whose folder is back but cannot be synthesized', () => {
      const scenario = new Scenario().start().commit('c1', [application('a', { sync: 'manual' }), application('b')]);
      scenario
        .finish()
        .sync('a')
        .finish()
        .commit('c2', [application('b')]);
      scenario.commit('c3', [application('b')], { failed: { a: { message: 'boom' } } }).sync('a', true);
      expect(scenario.started()).toBeUndefined();
      expect(scenario.app('a')).toMatchObject({ problem: { message: 'boom' } });
      expect(scenario.app('a').removal).toBeUndefined();
    });

    it('to an application without objects: that is a mistake', () => {
      const scenario = deployed().commit('c2', [{ ...application('a'), objects: [] }, ...four.slice(1)]);
      expect(scenario.started()).toBeUndefined();
      expect(scenario.app('a').target?.revision).toBe('c1');
      expect(summarize(scenario.state).apps[0]?.problems[0]?.message).toContain('apps/a/app.ts');
    });

    it('to everything when every application fails', () => {
      const failed = Object.fromEntries(names.map((name) => [name, { message: 'boom' }]));
      const scenario = deployed().commit('c2', [], { failed }).wait(600_000);
      expect(scenario.started()).toBeUndefined();
      expect(names.map((name) => scenario.app(name).removal)).toEqual([undefined, undefined, undefined, undefined]);
    });
  });

  it('of one application is not held because of others that are switched off', () => {
    const scenario = deployed().commit('c2', four.slice(3), { disabled: ['a', 'b'] });
    expect(scenario.started()?.remove).toEqual(['a', 'b', 'c']);
  });

  it('of an application that was never deployed forgets it', () => {
    const waiting = application('web', { follows: true });
    const scenario = new Scenario()
      .start()
      .commit('c1', [waiting, application('b')])
      .finish();
    scenario.commit('c2', [application('b')]);
    expect(scenario.effects).toContainEqual({ type: 'forget', app: 'web' });
    expect(scenario.started()).toBeUndefined();
  });

  it('of an application whose first sync failed deletes what there may be of it, also after a restart', () => {
    const before = new Scenario().start().commit('c1', four).finishBut('a');
    expect(before.app('a').synced).toBeUndefined();
    expect(restarted(before, 'c2', four.slice(1)).started()?.remove).toEqual(['a']);
  });

  it('of an application in the middle of a sync happens after it', () => {
    const scenario = new Scenario().start().commit('c1', four).commit('c2', four.slice(1));
    expect(scenario.started()).toBeUndefined();
    scenario.finish();
    expect(scenario.started()?.remove).toEqual(['a']);
  });

  it('that the engine refuses is tried again', () => {
    const scenario = deployed().commit('c2', four.slice(1)).finishBut('a');
    expect(scenario.started()).toBeUndefined();
    scenario.wait(5_000);
    expect(scenario.started()?.remove).toEqual(['a']);
  });

  it('takes the override and the outputs of the application away', () => {
    const web = application('web', { follows: true });
    const scenario = new Scenario()
      .start()
      .commit('c1', [web, ...four])
      .finish();
    scenario.builds('web', ['master-5', 5]).finish().commit('c2', four);
    expect(scenario.started()?.remove).toEqual(['web']);
    expect(scenario.started()?.overrides).toEqual({});
    expect(scenario.started()?.deployment.images).toEqual({});
    expect(Object.keys(scenario.started()?.deployment.fingerprints ?? {})).toEqual(names);
    scenario.finish();
    expect(scenario.state.overrides).toEqual({});
  });

  it('of an application that comes back during the prune keeps what is known of its images', () => {
    const web = application('web', { follows: true });
    const scenario = new Scenario()
      .start()
      .commit('c1', [web, ...four])
      .finish();
    scenario.builds('web', ['master-0', 1]).finish().observe('web', HEALTHY).builds('web', ['master-1', 2]);
    scenario.finish().observe('web', DEGRADED).finish().observe('web', HEALTHY);
    scenario
      .commit('c2', four)
      .commit('c3', [web, ...four])
      .finish();
    expect(scenario.started()?.deployment.images).toEqual({ web: { [IMAGE]: 'master-0' } });
    scenario.finish().observe('web', HEALTHY).builds('web', ['master-0', 1], ['master-1', 2]);
    expect(scenario.started()).toBeUndefined();
  });

  it('of an application that comes back during the prune forgets neither its pause nor what it waits for', () => {
    const after = (name: string): DesiredApp => ({ ...application(name), dependsOn: ['b'] });
    const [, ...rest] = four;
    const changed = rest.map((app) => (app.name === 'b' ? application('b', { note: 'x' }) : app));
    const scenario = deployed()
      .commit('c2', rest)
      .commit('c3', [after('a'), ...changed]);
    scenario.send({ type: 'pauseRequested', app: 'a', by: 'me' }).finish();
    expect(scenario.startedApps()).toEqual(['b']);
    expect(scenario.app('a')).toMatchObject({ waitsFor: ['b'], paused: { by: 'me' } });
  });

  it('of an application whose folder comes back broken during the prune keeps it in sight', () => {
    const scenario = deployed().commit('c2', four.slice(1));
    scenario.commit('c3', four.slice(1), { failed: { a: { message: 'boom' } } }).finish();
    expect(summarize(scenario.state).apps[0]).toMatchObject({ name: 'a', problems: [{ message: 'boom' }] });
  });
});
