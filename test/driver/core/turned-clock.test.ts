import { describe, expect, it } from 'vitest';
import { nextWakeAt } from '../../../src/driver/core/advance.js';
import { decide } from '../../../src/driver/core/decide.js';
import type { EventBody } from '../../../src/driver/core/events.js';
import type { DriverState } from '../../../src/driver/core/state.js';
import { onClockTurned } from '../../../src/driver/core/turned-clock.js';
import { application, IMAGE } from './scenario.js';
import { World } from './world.js';

const HOUR = 3_600_000;

/** One application that follows an image, Synced and Healthy. */
function settledWorld(): World {
  const world = new World();
  const apps = { a: application('a', { follows: true }) };
  world.push('first', { revision: 'first', apps, disabled: [], failed: {} });
  world.start();
  world.calm(HOUR);
  return world;
}

/** A broken image was taken, and its rollout is watched. */
function failingWorld(): World {
  const world = settledWorld();
  world.builds.push({ tag: 'master-1', digest: 'sha256:1', createdAt: 2 });
  world.brokenTags.add('master-1');
  world.dispatch({ type: 'pollRequested', source: 'registry' });
  while (world.pending.length > 0) {
    world.answer(0, 'well');
  }
  expect(world.state.apps['a']?.rollout?.failingSince).toBeDefined();
  return world;
}

const after = (state: DriverState, at: number, event: EventBody): DriverState =>
  decide(state, { ...event, at, random: 0.5 }).state;

describe('driver/core/turned-clock', () => {
  it.each([-20 * HOUR, 20 * HOUR])('what comes next is as far away as before when it is turned by %j ms', (byMs) => {
    const { state, at } = settledWorld();
    const turned = after(state, at + byMs, { type: 'clockTurned', byMs });
    expect(nextWakeAt(turned, at + byMs) - (at + byMs)).toBe(nextWakeAt(state, at) - at);
  });

  it('a clock that is turned forward does not end the grace of a failing rollout', () => {
    const world = failingWorld();
    world.turnClock(20 * HOUR);
    expect(world.state.apps['a']?.rollingBack).toBeUndefined();
    expect(world.live.get('a')?.tag).toBe('master-1');
    world.calm(HOUR);
    expect(world.live.get('a')?.tag).toBe('master-0');
  });

  it('a clock that is turned back does not put a rollback off', () => {
    const world = failingWorld();
    world.turnClock(-20 * HOUR);
    world.calm(2 * 60_000);
    expect(world.live.get('a')?.tag).toBe('master-0');
    expect(world.state.apps['a']?.badImages).toMatchObject([{ image: IMAGE, tag: 'master-1' }]);
  });

  it('what never was stays so, and the end of a pause is a time of day', () => {
    const { state, at } = settledWorld();
    const paused = after(state, at, { type: 'pauseRequested', by: 'me', app: 'a', forMs: HOUR });
    const turned = onClockTurned(paused, { type: 'clockTurned', byMs: 1_000, at: at + 1_000, random: 0.5 });
    expect(turned.apps['a']).toMatchObject({ retryAt: 0, heal: { lastAt: 0 }, paused: { until: at + HOUR } });
    expect(turned.engine.retryAt).toBe(0);
  });
});
