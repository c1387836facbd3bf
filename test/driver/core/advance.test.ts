import { describe, expect, it } from 'vitest';
import { nextWakeAt } from '../../../src/driver/core/advance.js';
import { application, DRIFTED, FAILING, HEALTHY, IMAGE, Scenario, SETTINGS } from './scenario.js';

const WEB = application('web', { follows: true });

/** The scenario without its polls, which would wake the daemon up first. */
function quiet(scenario: Scenario): Scenario {
  const { git, registry } = scenario.state;
  scenario.state = {
    ...scenario.state,
    git: { ...git, nextAt: Infinity, inFlight: false },
    registry: Object.fromEntries(
      Object.entries(registry).map(([key, poll]) => [key, { ...poll, nextAt: Infinity, inFlight: false }]),
    ),
  };
  return scenario;
}

function waitOf(scenario: Scenario): number {
  return nextWakeAt(scenario.state, scenario.at) - scenario.at;
}

describe('driver/core/advance', () => {
  describe('nextWakeAt', () => {
    it.each<[string, Scenario, number]>([
      ['a first sync that waits for its image', new Scenario().start().commit('c1', [WEB]), SETTINGS.firstImageWaitMs],
      [
        'a rollout whose pods fail',
        new Scenario().settled(WEB).builds('web', ['master-1', 2]).finish().observe('web', FAILING),
        SETTINGS.rolloutGraceMs,
      ],
      [
        'an application that failed',
        new Scenario()
          .start()
          .commit('c1', [application('a')])
          .finishBut('a'),
        5_000,
      ],
      [
        'an engine that failed',
        new Scenario()
          .start()
          .commit('c1', [application('a')])
          .fail('engine/busy'),
        1_000,
      ],
      [
        'drift that someone fights for',
        new Scenario().settled(application('a')).observe('a', DRIFTED).finish().observe('a', DRIFTED),
        2_000,
      ],
      [
        'a commit to try again',
        new Scenario()
          .settled(application('a'))
          .send({ type: 'headSeen', commit: 'c2' })
          .send({
            type: 'revisionRejected',
            commit: 'c2',
            transient: true,
            problem: { code: 'git/unreachable', message: '' },
          }),
        15_000,
      ],
      ['nothing', new Scenario().settled(application('a')), Infinity],
      ['an operation, whose end is an event,', new Scenario().start().commit('c1', [application('a')]), Infinity],
    ])('%s is due at its time', (_what, scenario, wait) => {
      expect(waitOf(quiet(scenario))).toBe(wait);
    });

    it('the earlier of two polls comes first', () => {
      const scenario = new Scenario().settled(WEB).send({ type: 'headSeen', commit: 'c1' });
      expect(waitOf(scenario)).toBe(SETTINGS.registryIntervalMs);
      scenario.at += 1_000;
      scenario.state = {
        ...scenario.state,
        registry: { [`web ${IMAGE}`]: { inFlight: true, nextAt: 0, failures: 0 } },
      };
      expect(waitOf(scenario)).toBe(SETTINGS.gitIntervalMs - 1_000);
    });

    it('what is due but must wait for an event is no reason to wake up', () => {
      const scenario = new Scenario().settled(application('a')).send({ type: 'clusterSeen', reachable: false });
      quiet(scenario.commit('c2', [application('a', { note: 'x' })]));
      expect(waitOf(scenario)).toBe(Infinity);
    });

    it('a date that is hidden behind what must wait is not missed', () => {
      const scenario = new Scenario()
        .start()
        .commit('c1', [WEB, application('a')])
        .finish();
      scenario.builds('web', ['master-0', 1]).finish().observe('web', HEALTHY).builds('web', ['master-1', 2]).finish();
      scenario.observe('web', FAILING).commit('c2', [WEB, application('a', { note: 'x' })]);
      expect(waitOf(quiet(scenario))).toBe(SETTINGS.rolloutGraceMs);
    });
  });

  it('an idle second tick does nothing', () => {
    const scenario = new Scenario().settled(WEB).wait(SETTINGS.gitIntervalMs * 2);
    expect(scenario.effects.map(({ type }) => type)).toEqual(['pollGit', 'listBuilds']);
    scenario.send({ type: 'ticked' });
    expect(scenario.effects).toEqual([]);
  });
});
