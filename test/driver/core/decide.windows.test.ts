import { describe, expect, it } from 'vitest';
import { syncWindowOf, type SyncWindowProps } from '../../../src/app/sync-window.js';
import { nextWakeAt } from '../../../src/driver/core/advance.js';
import { summarize } from '../../../src/driver/core/summarize.js';
import { application, DEGRADED, DRIFTED, HEALTHY, Scenario, type ApplicationOptions } from './scenario.js';

const HOUR = 3_600_000;
/** A scenario begins in the first hour of 1970. */
const SECOND_HOUR: SyncWindowProps = { kind: 'allow', schedule: '0 1 * * *', duration: '1h' };

function web(windows: readonly SyncWindowProps[], options: ApplicationOptions = {}) {
  const app = application('web', { follows: true, ...options });
  return { ...app, sync: { ...app.sync, windows: windows.map(syncWindowOf) } };
}

/** Deployed in its window, which is over. */
function settledOutside(window: Partial<SyncWindowProps> = {}): Scenario {
  const scenario = new Scenario();
  scenario.at = HOUR;
  scenario.settled(web([{ ...SECOND_HOUR, ...window }]));
  return scenario.wait(HOUR);
}

describe('driver/core/decide windows', () => {
  it('a first sync waits for the window, which is woken up for', () => {
    const scenario = new Scenario()
      .start()
      .commit('c1', [web([SECOND_HOUR])])
      .builds('web', ['master-0', 1]);
    expect(scenario.started()).toBeUndefined();
    expect(nextWakeAt(scenario.state, scenario.at)).toBeLessThanOrEqual(HOUR);
    scenario.at = HOUR - 1;
    expect(scenario.wait(0).started()).toBeUndefined();
    expect(scenario.wait(1).startedApps()).toEqual(['web']);
  });

  it.each<[string, (scenario: Scenario) => Scenario]>([
    ['a commit', (scenario) => scenario.commit('c2', [web([SECOND_HOUR], { note: 'new' })])],
    ['a newer image', (scenario) => scenario.builds('web', ['master-1', 2])],
    ['drift', (scenario) => scenario.observe('web', DRIFTED)],
    ['a removal', (scenario) => scenario.commit('c2', [], { disabled: ['web'] })],
  ])('holds %s until it opens', (_what, change) => {
    const scenario = change(settledOutside());
    expect(scenario.started()).toBeUndefined();
    scenario.at = 25 * HOUR - 1;
    expect(scenario.wait(0).started()).toBeUndefined();
    expect(scenario.wait(1).startedApps()).toEqual(['web']);
  });

  it('lets a rollback through: it ends what was begun inside', () => {
    const scenario = new Scenario();
    scenario.at = 2 * HOUR - 1;
    scenario
      .settled(web([SECOND_HOUR]))
      .builds('web', ['master-1', 2])
      .finish()
      .wait(1)
      .observe('web', DEGRADED);
    expect(scenario.app('web').operation?.kind).toBe('rollback');
  });

  it('does not let a repair through because a rollback to the same state failed', () => {
    const scenario = settledOutside().observe('web', DRIFTED);
    scenario.send({ type: 'rollbackRequested', app: 'web', by: 'me', prune: false, images: {} }).finishBut('web');
    expect(scenario.observe('web', DRIFTED).wait(HOUR).started()).toBeUndefined();
  });

  it('lets a person through', () => {
    expect(settledOutside().sync('web').startedApps()).toEqual(['web']);
  });

  it('refuses a person where it says so, and notes that', () => {
    const scenario = settledOutside({ manual: false }).sync('web');
    const refused = 'the sync windows of web are closed, for persons too';
    expect(scenario.effects).toMatchObject([{ type: 'audit', entry: { refused } }]);
    scenario.at = 25 * HOUR;
    expect(scenario.sync('web').startedApps()).toEqual(['web']);
  });

  it('that a commit takes away holds nothing any more', () => {
    expect(
      settledOutside()
        .commit('c2', [application('web', { follows: true, note: 'new' })])
        .startedApps(),
    ).toEqual(['web']);
  });

  it('holds after a restart what Git has not said otherwise of yet', () => {
    const before = settledOutside();
    const scenario = new Scenario();
    scenario.at = before.at;
    scenario.start(before.state);
    expect(scenario.app('web').window).toMatchObject({ open: false });
  });

  it('is told in the status, with when it opens', () => {
    const scenario = settledOutside().observe('web', HEALTHY);
    expect(summarize(scenario.state).apps[0]).toMatchObject({
      sync: 'Synced',
      window: { open: false, opensAt: 25 * HOUR },
    });
    expect(summarize(scenario.state).apps[0]).not.toHaveProperty('message');
    scenario.builds('web', ['master-1', 2]);
    expect(summarize(scenario.state).apps[0]?.message).toBe('waits for its sync window');
  });
});
