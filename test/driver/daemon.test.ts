import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TransientError } from '../../src/base/errors.js';
import { summarize, type AppStatus } from '../../src/driver/core/summarize.js';
import { application, IMAGE } from './core/scenario.js';
import { FakeWorld } from './fake-world.js';

const KEY = 'apps/Deployment/default/web';

describe('driver/daemon', () => {
  let world: FakeWorld;
  beforeEach(() => {
    world = new FakeWorld();
  });
  afterEach(() => world.remove());

  function status(app: string): AppStatus | undefined {
    const state = world.daemon?.loop.state();
    return state && summarize(state).apps.find(({ name }) => name === app);
  }

  function liveImage(): unknown {
    const live = [...world.cluster.values()].find(({ metadata }) => metadata.name === 'web');
    const { spec } = (live ?? {}) as { spec?: { template: { spec: { containers: { image: string }[] } } } };
    return spec?.template.spec.containers[0]?.image;
  }

  it('brings an empty cluster to what the branch says', async () => {
    world.push([application('web'), application('db')]);
    await world.boot();
    await world.pass(5_000);
    expect([...world.cluster.values()].map(({ metadata }) => metadata.name).sort()).toEqual(['db', 'web']);
    expect(status('web')).toMatchObject({ sync: 'Synced', health: { status: 'Healthy' } });
  });

  it('polls without news run no engine', async () => {
    world.push([application('web')]);
    await world.boot();
    await world.pass(5_000);
    const { runs } = world;
    await world.pass(3_600_000, 40);
    expect(world.runs).toBe(runs);
  });

  it('a new build is deployed and kept as an override, and a broken one is taken back', async () => {
    world.pushImage(IMAGE, 'master-1');
    world.push([application('web', { follows: true })]);
    await world.boot();
    await world.pass(200_000);
    expect(liveImage()).toBe(`${IMAGE}:master-1`);
    expect(world.overrides).toEqual({ web: { [IMAGE]: 'master-1' } });
    world.broken.add(`${IMAGE}:master-2`);
    world.pushImage(IMAGE, 'master-2');
    await world.pass(600_000, 60);
    expect(liveImage()).toBe(`${IMAGE}:master-1`);
    expect(world.overrides).toEqual({ web: { [IMAGE]: 'master-1' } });
    expect(status('web')?.badImages).toMatchObject([{ tag: 'master-2', reason: 'ImagePullBackOff' }]);
    expect(world.history.map(({ outcome }) => outcome)).toContain('degraded');
  });

  it('what somebody changes is put back, and what leaves the branch is pruned', async () => {
    world.push([application('web'), application('db'), application('third')]);
    await world.boot();
    await world.pass(5_000);
    const key = [...world.cluster.keys()].find((candidate) => candidate.endsWith('web')) ?? KEY;
    world.disturb(key, (live) => ({ ...live, spec: { template: { spec: { containers: [] } } } }));
    await world.pass(20_000);
    expect(liveImage()).toBe(`${IMAGE}:master-0`);
    world.disturb(key, () => undefined);
    await world.pass(60_000);
    expect(liveImage()).toBe(`${IMAGE}:master-0`);
    world.push([application('web'), application('third')]);
    await world.pass(400_000, 20);
    expect([...world.cluster.values()].map(({ metadata }) => metadata.name).sort()).toEqual(['third', 'web']);
  });

  it('a restart after a stop brings back what it knew, and updates nothing', async () => {
    world.pushImage(IMAGE, 'master-1');
    world.push([application('web', { follows: true })]);
    await world.boot();
    await world.pass(200_000);
    const { runs } = world;
    await world.daemon?.stop(1_000);
    world.kill();
    await world.boot();
    await world.pass(200_000);
    expect(world.runs).toBe(runs);
    expect(status('web')).toMatchObject({ sync: 'Synced', images: { [IMAGE]: 'master-1' } });
  });

  it.each(['git', 'registry', 'engine', 'workspace'] as const)(
    'goes on by itself after %s failed for a while',
    async (port) => {
      world.pushImage(IMAGE, 'master-1');
      world.push([application('web', { follows: true })]);
      world.failing.set(port, new TransientError('git/unreachable', 'not now'));
      await world.boot();
      await world.pass(60_000);
      world.failing.clear();
      await world.pass(900_000, 60);
      expect(liveImage()).toBe(`${IMAGE}:master-1`);
      expect(status('web')).toMatchObject({ sync: 'Synced' });
    },
  );

  it('a stop lets a run end that was begun, and starts no other', async () => {
    world.push([application('web')]);
    const daemon = await world.boot();
    await new Promise<void>((resolve) => {
      const end = daemon.loop.subscribe((state) => {
        if (state.run !== undefined) {
          end();
          resolve();
        }
      });
    });
    await daemon.stop(10_000);
    expect(liveImage()).toBe(`${IMAGE}:master-0`);
    world.push([application('db')]);
    await world.pass(900_000);
    expect(world.runs).toBe(1);
  });

  it('while the disk is full nothing is synced, sources are polled on, and after it all goes on by itself', async () => {
    world.push([application('web')]);
    await world.boot();
    await world.pass(5_000);
    const { runs } = world;
    world.failing.set('disk', new TransientError('disk/full', 'the disk of /state is full'));
    world.push([application('web', { note: 'x' }), application('db')]);
    await world.pass(600_000, 60);
    expect(world.runs).toBe(runs);
    const state = world.daemon?.loop.state();
    expect(state && summarize(state)).toMatchObject({
      engineProblem: { code: 'disk/full', message: 'the disk of /state is full' },
      revision: { commit: 'c2' },
    });
    world.failing.clear();
    await world.pass(120_000, 20);
    expect(status('db')?.sync).toBe('Synced');
    expect(status('web')).toMatchObject({ sync: 'Synced', problems: [] });
  });
});
