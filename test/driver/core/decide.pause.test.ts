import { describe, expect, it } from 'vitest';
import { nextWakeAt } from '../../../src/driver/core/advance.js';
import { summarize } from '../../../src/driver/core/summarize.js';
import { application, DEGRADED, DRIFTED, HEALTHY, Scenario } from './scenario.js';

const WEB = application('web', { follows: true });
const HOUR = 3_600_000;

function pause(scenario: Scenario, more: { readonly app?: string; readonly forMs?: number } = {}): Scenario {
  return scenario.send({ type: 'pauseRequested', by: 'me', reason: 'maintenance', ...more });
}

/** What would be written if nothing held it. */
const CHANGES: readonly (readonly [string, (scenario: Scenario) => Scenario])[] = [
  ['a commit', (scenario) => scenario.commit('c2', [application('web', { follows: true, note: 'new' })])],
  ['a newer image', (scenario) => scenario.builds('web', ['master-1', 2])],
  ['drift', (scenario) => scenario.observe('web', DRIFTED)],
  ['a removal', (scenario) => scenario.commit('c2', [], { disabled: ['web'] })],
];

describe('driver/core/decide pause', () => {
  it.each(CHANGES)('of an application holds %s, and resuming lets it go on', (_what, change) => {
    const scenario = change(pause(new Scenario().settled(WEB), { app: 'web' }));
    expect(scenario.startedApps()).not.toContain('web');
    scenario.wait(24 * HOUR);
    expect(scenario.startedApps()).not.toContain('web');
    scenario.send({ type: 'resumeRequested', app: 'web', by: 'me' });
    expect(scenario.startedApps()).toEqual(['web']);
  });

  it.each(CHANGES)('of all holds %s, whatever the application', (_what, change) => {
    const scenario = change(pause(new Scenario().settled(WEB))).wait(24 * HOUR);
    expect(scenario.state.run).toBeUndefined();
    scenario.send({ type: 'resumeRequested', by: 'me' });
    expect(scenario.startedApps()).toContain('web');
  });

  it('holds a rollback, too, which then happens', () => {
    const scenario = new Scenario().settled(WEB).builds('web', ['master-1', 2]).finish();
    pause(scenario, { app: 'web' }).observe('web', DEGRADED);
    expect(scenario.started()).toBeUndefined();
    scenario.send({ type: 'resumeRequested', app: 'web', by: 'me' });
    expect(scenario.app('web').operation?.kind).toBe('rollback');
  });

  it('leaves what is observed and polled as it is', () => {
    const scenario = pause(new Scenario().settled(WEB)).observe('web', DEGRADED);
    expect(summarize(scenario.state).apps[0]).toMatchObject({
      health: { status: 'Degraded' },
      message: 'paused by me: maintenance',
    });
    scenario.wait(HOUR);
    expect(scenario.effects.map(({ type }) => type).sort()).toEqual(['listBuilds', 'pollGit']);
  });

  it.each([{ app: 'web' }, {}])('ends by itself when its time is over: %j', (which) => {
    const scenario = pause(new Scenario().settled(WEB), { ...which, forMs: 1_000 }).observe('web', DRIFTED);
    expect(nextWakeAt(scenario.state, scenario.at)).toBe(scenario.at + 1_000);
    expect(scenario.wait(999).started()).toBeUndefined();
    expect(scenario.wait(1).startedApps()).toEqual(['web']);
    expect(summarize(scenario.state)).not.toHaveProperty('paused');
    expect(scenario.app('web')).not.toHaveProperty('paused');
  });

  it.each([{ app: 'web' }, {}])('outlives a restart, and ends on time in spite of it: %j', (which) => {
    const before = pause(new Scenario().settled(WEB), { ...which, forMs: HOUR });
    const scenario = new Scenario();
    scenario.at = before.at;
    scenario.start(before.state).commit('c1', [WEB]).observe('web', DRIFTED).wait(1);
    expect(scenario.started()).toBeUndefined();
    expect(scenario.wait(HOUR).startedApps()).toEqual(['web']);
  });

  it('whose time was over before a restart does not hold anything after it', () => {
    const before = pause(new Scenario().settled(WEB), { app: 'web', forMs: 1_000 });
    const scenario = new Scenario();
    scenario.at = before.at + HOUR;
    scenario.start(before.state);
    expect(scenario.app('web')).not.toHaveProperty('paused');
  });

  it('lets the operation that runs end', () => {
    const scenario = pause(new Scenario().settled(WEB).builds('web', ['master-1', 2]), { app: 'web' }).finish();
    expect(scenario.app('web').synced?.images).toEqual(scenario.app('web').target?.images);
  });

  it('refuses a sync that a person asks for, and notes that', () => {
    const scenario = pause(new Scenario().settled(WEB), { app: 'web' }).sync('web');
    const refused = 'web is paused by me: maintenance';
    expect(scenario.effects).toEqual([
      { type: 'audit', entry: { at: scenario.at, by: 'me', action: 'sync', app: 'web', refused } },
    ]);
    scenario.send({ type: 'resumeRequested', app: 'web', by: 'me' });
    expect(scenario.started()).toBeUndefined();
  });

  it.each([{ app: 'web' }, {}])('drops what was asked for and has not begun: %j', (which) => {
    const scenario = new Scenario().settled(WEB).send({ type: 'clusterSeen', reachable: false }).sync('web');
    pause(scenario, which).send({ type: 'clusterSeen', reachable: true });
    scenario.send({ type: 'resumeRequested', by: 'me', ...which });
    expect(scenario.started()).toBeUndefined();
  });

  it('of one application outlives the resumption of all', () => {
    const scenario = pause(pause(new Scenario().settled(WEB), { app: 'web' })).observe('web', DRIFTED);
    expect(scenario.send({ type: 'resumeRequested', by: 'me' }).started()).toBeUndefined();
  });

  it('holds nobody else', () => {
    const scenario = new Scenario()
      .start()
      .commit('c1', [application('a'), application('b')])
      .finish();
    scenario.observe('a', HEALTHY).observe('b', HEALTHY);
    pause(scenario, { app: 'a' }).observe('a', DRIFTED).observe('b', DRIFTED);
    expect(scenario.startedApps()).toEqual(['b']);
  });

  it('and its end are noted with who, what and why', () => {
    const scenario = pause(new Scenario().settled(WEB), { app: 'web', forMs: HOUR });
    const entry = {
      at: scenario.at,
      by: 'me',
      action: 'pause',
      app: 'web',
      reason: 'maintenance',
      detail: 'for 3600s',
    };
    expect(scenario.effects).toEqual([{ type: 'audit', entry }]);
    scenario.send({ type: 'resumeRequested', by: 'you' });
    expect(scenario.effects).toEqual([{ type: 'audit', entry: { at: scenario.at, by: 'you', action: 'resume' } }]);
  });
});
