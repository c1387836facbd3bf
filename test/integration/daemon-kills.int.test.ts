import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DesiredApp } from '../../src/app/desired-state.js';
import { objectsOf } from '../../src/app/image-overrides.js';
import { summarize } from '../../src/driver/core/summarize.js';
import { application, IMAGE } from '../driver/core/scenario.js';
import { FakeWorld } from '../driver/fake-world.js';

const NAMES = ['a', 'b', 'c', 'd'] as const;

/** One thing that happens, then so many steps of what runs before the next one, or before the daemon is killed. */
const act = fc.record({
  what: fc.constantFrom('commit', 'image', 'brokenImage', 'edit', 'delete', 'wait'),
  app: fc.nat({ max: NAMES.length - 1 }),
  steps: fc.nat({ max: 40 }),
  kill: fc.boolean(),
  ms: fc.constantFrom(0, 500, 5_000, 120_000),
});

function appOf(name: string, note: number): DesiredApp {
  return application(name, { note: String(note), follows: name === 'a' || name === 'b' });
}

/**
 * Every form that an application may have in the end: with the newest image; where that one is broken, with any good one, because what was pushed
 * just before it may never have been seen.
 */
function allowedSpecs(world: FakeWorld, app: DesiredApp): unknown[] {
  const builds = world.builds.get(IMAGE) ?? [];
  const isGood = ({ tag }: { tag: string }): boolean => !world.broken.has(`${IMAGE}:${tag}`);
  const candidates = builds.slice(-1).every(isGood) ? builds.slice(-1) : builds.filter(isGood);
  return candidates.map(({ tag }) => {
    const overrides = app.images.length > 0 ? { [app.name]: { [IMAGE]: tag } } : {};
    return objectsOf(app, overrides).map(({ spec }) => spec);
  });
}

async function happen(world: FakeWorld, { what, app }: { what: string; app: number }, step: number): Promise<void> {
  const name = NAMES[app] ?? 'a';
  const key = [...world.cluster.keys()].find((candidate) => candidate.endsWith(name)) ?? '';
  switch (what) {
    case 'commit':
      world.push(
        NAMES.map((one) =>
          one === name ? appOf(one, step) : (world.wanted.find((w) => w.name === one) ?? appOf(one, 0)),
        ),
      );
      break;
    case 'image':
      world.pushImage(IMAGE, `master-${step}`);
      break;
    case 'brokenImage':
      world.broken.add(`${IMAGE}:master-${step}`);
      world.pushImage(IMAGE, `master-${step}`);
      break;
    case 'edit':
      world.disturb(key, (live) => ({ ...live, spec: {} }));
      break;
    case 'delete':
      world.disturb(key, () => undefined);
      break;
  }
  return Promise.resolve();
}

describe('integration/daemon-kills', () => {
  it('whatever happens and wherever it is killed, it ends with what Git and the registry say', async () => {
    const property = fc.asyncProperty(fc.array(act, { minLength: 1, maxLength: 12 }), async (acts) => {
      const world = new FakeWorld();
      try {
        world.pushImage(IMAGE, 'master-0');
        world.push(NAMES.map((name) => appOf(name, 0)));
        await world.boot();
        await world.pass(200_000);
        await world.remembered();
        for (const [index, one] of acts.entries()) {
          await happen(world, one, index + 1);
          await world.clock.advance(one.ms);
          await world.breathe(one.steps);
          if (one.kill) {
            world.kill();
            await world.boot();
          }
        }
        await world.pass(3_600_000, 120);
        expect(world.violations).toEqual([]);
        expect([...world.cluster.values()].map(({ metadata }) => metadata.name).sort()).toEqual([...NAMES]);
        for (const app of world.wanted) {
          const live = [...world.cluster.values()].filter(({ metadata }) => metadata.name === app.name);
          expect(allowedSpecs(world, app)).toContainEqual(live.map(({ spec }) => spec));
        }
        const state = world.daemon?.loop.state();
        expect(state && summarize(state).apps.map(({ sync }) => sync)).toEqual(NAMES.map(() => 'Synced'));
      } finally {
        await world.remove();
      }
    });
    await fc.assert(property, { numRuns: 300 });
  }, 120_000);
});
