import { describe, expect, it } from 'vitest';
import type { DesiredApp } from '../../../src/app/desired-state.js';
import { summarize } from '../../../src/driver/core/summarize.js';
import { application, DEGRADED, DRIFTED, HEALTHY, PROGRESSING, Scenario } from './scenario.js';

const DB = application('db');
const OTHER = application('other');

function web(note = '', dependsOn = ['db']): DesiredApp {
  return { ...application('web', { note, follows: true }), dependsOn };
}

/** All three deployed and Healthy. */
function settled(): Scenario {
  const scenario = new Scenario().start().commit('c1', [DB, OTHER, web()]).builds('web', ['master-0', 1]);
  scenario.finish().observe('other', HEALTHY).observe('db', HEALTHY).finish().observe('web', HEALTHY);
  return scenario;
}

describe('driver/core/decide dependencies', () => {
  it('a first sync waits until what it depends on is Synced and Healthy; others do not', () => {
    const scenario = new Scenario().start().commit('c1', [DB, OTHER, web()]);
    expect(scenario.startedApps()).toEqual(['db', 'other']);
    scenario.builds('web', ['master-0', 1]).finish().observe('db', PROGRESSING);
    expect(scenario.started()).toBeUndefined();
    expect(scenario.observe('db', HEALTHY).startedApps()).toEqual(['web']);
  });

  it('a commit that changes both goes in order', () => {
    const scenario = settled().commit('c2', [application('db', { note: 'x' }), OTHER, web('x')]);
    expect(scenario.startedApps()).toEqual(['db']);
    scenario.finish();
    expect(scenario.started()).toBeUndefined();
    expect(scenario.observe('db', HEALTHY).startedApps()).toEqual(['web']);
  });

  it.each([
    ['Degraded', DEGRADED, 'waits until they are Synced and Healthy: db (Synced, Degraded)'],
    ['drifted', DRIFTED, 'waits until they are Synced and Healthy: db (OutOfSync, Healthy)'],
  ])('one that is %s holds what is new of those that depend on it, with a clear message', (_what, seen, message) => {
    const manual = application('db', { sync: 'manual' });
    const scenario = settled().commit('c2', [manual, OTHER, web()]).observe('db', seen);
    scenario.commit('c3', [manual, application('other', { note: 'x' }), web('x')]);
    expect(scenario.startedApps()).toEqual(['other']);
    expect(summarize(scenario.state).apps.find(({ name }) => name === 'web')).toMatchObject({
      waitsFor: ['db'],
      message,
    });
  });

  it('one that is Degraded holds a newer image, too: it would be blamed for it', () => {
    const scenario = settled().observe('db', DEGRADED).builds('web', ['master-1', 2]);
    expect(scenario.started()).toBeUndefined();
    expect(scenario.observe('db', HEALTHY).startedApps()).toEqual(['web']);
  });

  it('one that is Degraded holds neither a repair, nor a rollback, nor a person', () => {
    const drifted = settled().observe('db', DEGRADED).observe('web', DRIFTED);
    expect(drifted.startedApps()).toEqual(['web']);
    const broken = settled().builds('web', ['master-1', 2]).finish().observe('db', DEGRADED).observe('web', DEGRADED);
    expect(broken.app('web').operation?.kind).toBe('rollback');
    const asked = settled().observe('db', DEGRADED).builds('web', ['master-1', 2]).sync('web');
    expect(asked.startedApps()).toEqual(['web']);
  });

  it('one that a person wants changed goes first, also where both are due at the same time', () => {
    const scenario = settled()
      .send({ type: 'clusterSeen', reachable: false })
      .builds('web', ['master-1', 2])
      .sync('db');
    expect(scenario.send({ type: 'clusterSeen', reachable: true }).startedApps()).toEqual(['db']);
  });

  it('one that is removed from what it depends on holds it no longer', () => {
    const scenario = settled().observe('db', DEGRADED);
    expect(scenario.commit('c2', [DB, OTHER, web('x', [])]).startedApps()).toEqual(['web']);
  });

  it('an unknown name, or a circle that old definitions make, holds nobody for ever', () => {
    const a = { ...application('a'), dependsOn: ['b', 'nobody'] };
    const b = { ...application('b'), dependsOn: ['a'] };
    const scenario = new Scenario().start().commit('c1', [a, b]);
    expect(scenario.startedApps()).toEqual(['b']);
    expect(scenario.finish().observe('b', HEALTHY).startedApps()).toEqual(['a']);
  });
});
