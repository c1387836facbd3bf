import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { syncWindowOf } from '../../../src/app/sync-window.js';
import { decide } from '../../../src/driver/core/decide.js';
import type { Effect } from '../../../src/driver/core/effects.js';
import { initialState } from '../../../src/driver/core/state.js';
import { summarize } from '../../../src/driver/core/summarize.js';
import { application, IMAGE, SETTINGS } from './scenario.js';
import { staged } from './staged.js';
import { STAGED, World, type Answer } from './world.js';

const NAMES = ['a', 'b', 'c', 'm', STAGED];
const HOUR = 3_600_000;
/** What may be written of one application by itself, and when. */
const FIRST_HALF_HOURS = syncWindowOf({ kind: 'allow', schedule: '0 * * * *', duration: '30m' });
/** The commit that each story begins with. */
const FIRST = '0-there-there-there-there-there';

const commit = fc.record({
  do: fc.constant('push' as const),
  note: fc.constantFrom('1', '2', '3'),
  fates: fc.tuple(...NAMES.map(() => fc.constantFrom('there', 'there', 'there', 'gone', 'off', 'broken' as const))),
});
const step = fc.oneof(
  { weight: 2, arbitrary: commit },
  {
    weight: 12,
    arbitrary: fc.record({
      do: fc.constant('answer' as const),
      index: fc.nat({ max: 20 }),
      how: fc.constantFrom<Answer>('well', 'well', 'well', 'badly', 'part'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('build' as const), broken: fc.boolean() }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 200_000 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('turn' as const), ms: fc.integer({ min: -30 * HOUR, max: 30 * HOUR }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('drift' as const), app: fc.constantFrom(...NAMES) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('ask' as const), app: fc.constantFrom(...NAMES), prune: fc.boolean() }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('hooks' as const),
      end: fc.constantFrom<'done' | 'failed'>('done', 'done', 'failed'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('retry' as const, 'refresh' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constantFrom('pause' as const, 'resume' as const),
      app: fc.constantFrom(...NAMES, undefined),
      forMs: fc.constantFrom(undefined, 60_000, HOUR),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('rollback' as const),
      app: fc.constantFrom(...NAMES),
      revision: fc.constantFrom(undefined, FIRST, 'nothing'),
      tag: fc.constantFrom(undefined, 'master-0', 'master-1'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('unpin' as const), app: fc.constantFrom(...NAMES) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('lose' as const), reachable: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('kill' as const), savedInTime: fc.boolean() }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function definition(name: string, note: string) {
  if (name === STAGED) {
    return staged(name, { note });
  }
  const app = application(name, { note, follows: name !== 'c', sync: name === 'm' ? 'manual' : 'auto' });
  const first = name === 'b' ? { ...app, dependsOn: ['a'] } : app;
  return name === 'c' ? { ...first, sync: { ...app.sync, windows: [FIRST_HALF_HOURS] } } : first;
}

const EVERYTHING = NAMES.map(() => 'there');

function push(world: World, note: string, fates: readonly string[]): void {
  const of = (fate: string) => NAMES.filter((_name, index) => fates[index] === fate);
  world.push(`${note}-${fates.join('-')}`, {
    revision: note,
    apps: Object.fromEntries(of('there').map((name) => [name, definition(name, note)])),
    disabled: of('off'),
    failed: Object.fromEntries(of('broken').map((name) => [name, { message: 'boom' }])),
  });
}

function play(world: World, one: Step): void {
  switch (one.do) {
    case 'push':
      return push(world, one.note, one.fates);
    case 'answer':
      return world.answer(one.index, one.how);
    case 'build': {
      const number = world.builds.length;
      world.builds.push({ tag: `master-${number}`, digest: `sha256:${number}`, createdAt: 1 + number });
      return void (one.broken && world.brokenTags.add(`master-${number}`));
    }
    case 'wait':
      return world.wait(one.ms);
    case 'turn':
      return world.turnClock(one.ms);
    case 'drift':
      return world.drift(one.app);
    case 'hooks':
      return void world.endHooks(one.end);
    case 'ask':
      return world.dispatch({ type: 'syncRequested', app: one.app, by: 'me', prune: one.prune });
    case 'retry':
      return world.dispatch({ type: 'retryImageRequested', app: 'a', by: 'me' });
    case 'refresh':
      return world.dispatch({ type: 'pollRequested', source: 'git' });
    case 'rollback':
      return world.rollBack(one.app, one.revision, one.app === 'c' ? undefined : one.tag);
    case 'unpin':
      return world.dispatch({ type: 'unpinRequested', app: one.app, by: 'me' });
    case 'pause':
      return world.pause(one.app, one.forMs);
    case 'resume':
      return world.resume(one.app);
    case 'lose':
      return world.dispatch({ type: 'clusterSeen', reachable: one.reachable });
    case 'kill':
      return world.kill(one.savedInTime);
  }
}

function started(): World {
  const world = new World();
  push(world, '0', EVERYTHING);
  world.start();
  return world;
}

describe('driver/core/decide properties', { timeout: 60_000 }, () => {
  const steps = fc.array(step, { maxLength: 120, size: 'max' });

  it('whatever happens, the rules hold; once faults stop, everything becomes Synced and Healthy without haste', () => {
    fc.assert(
      fc.property(steps, (list) => {
        const world = started();
        list.forEach((one) => play(world, one));
        world.relent(NAMES);
        push(world, 'last', EVERYTHING);
        const good = world.builds.length;
        world.builds.push({ tag: `master-${good}`, digest: 'sha256:good', createdAt: 1 + good });
        const wakes = world.calm(2 * HOUR);
        const automated = summarize(world.state).apps.filter((app) => app.automated);
        expect(automated.map(({ name, sync, health }) => `${name} ${sync} ${health.status}`)).toEqual(
          ['a', 'b', 'c', STAGED].map((name) => `${name} Synced Healthy`),
        );
        expect(['a', 'b'].map((name) => world.live.get(name)?.tag)).toEqual([`master-${good}`, `master-${good}`]);
        expect(wakes).toBeLessThan(400);
      }),
      { numRuns: 60 },
    );
  });

  it('broken builds end at the last healthy image, and stay there', () => {
    fc.assert(
      fc.property(steps, (list) => {
        const world = started();
        world.calm(HOUR / 2);
        list.forEach((one) => play(world, one));
        world.relent(NAMES);
        push(world, 'last', EVERYTHING);
        world.calm(HOUR);
        const bad = world.builds.length;
        world.builds.push({ tag: `master-${bad}`, digest: 'sha256:bad', createdAt: 1 + bad });
        world.brokenTags.add(`master-${bad}`);
        const healthy = world.state.apps['a']?.lastHealthy?.images[IMAGE];
        world.calm(HOUR);
        if (healthy !== undefined) {
          expect(world.live.get('a')?.tag).toBe(healthy);
          expect(world.state.apps['a']?.badImages.at(-1)?.tag).toBe(`master-${bad}`);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('what Git removed is gone in the end, unless a person must say so', () => {
    fc.assert(
      fc.property(steps, (list) => {
        const world = started();
        list.forEach((one) => play(world, one));
        world.relent(NAMES);
        push(world, 'before', EVERYTHING);
        world.calm(HOUR);
        push(world, 'last', ['gone', 'there', 'there', 'gone', 'there']);
        world.calm(HOUR);
        expect(world.state.apps['a'] === undefined).toBe(!world.live.has('a'));
        expect(world.live.has('a')).toBe(false);
        world.dispatch({ type: 'syncRequested', app: 'm', by: 'me', prune: false });
        const hadM = world.live.has('m');
        world.calm(HOUR);
        expect(world.live.has('m')).toBe(hadM);
        world.dispatch({ type: 'syncRequested', app: 'm', by: 'me', prune: true });
        world.calm(HOUR);
        expect([...world.live.keys()].sort()).toEqual(['b', 'c', STAGED]);
      }),
      { numRuns: 40 },
    );
  });

  it('the same events give the same state and the same effects', () => {
    fc.assert(
      fc.property(steps, (list) => {
        const world = started();
        list.filter((one) => one.do !== 'kill').forEach((one) => play(world, one));
        let state = initialState(SETTINGS);
        const effects: Effect[] = [];
        for (const event of structuredClone(world.events)) {
          const decision = decide(state, event);
          state = decision.state;
          effects.push(...decision.effects);
        }
        expect(state).toEqual(world.state);
        expect(effects).toEqual(world.effects);
      }),
      { numRuns: 40 },
    );
  });

  it('a decision changes nothing of the state that it was given', () => {
    fc.assert(
      fc.property(steps, (list) => {
        const world = started();
        for (const one of list) {
          const before = world.state;
          const copy = structuredClone(before);
          play(world, one);
          expect(before).toEqual(copy);
        }
      }),
      { numRuns: 20 },
    );
  });
});
