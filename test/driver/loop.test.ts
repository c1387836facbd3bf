import { describe, expect, it } from 'vitest';
import type { Clock } from '../../src/base/clock.js';
import { silentLogger, type Logger } from '../../src/base/logger.js';
import type { Effect } from '../../src/driver/core/effects.js';
import type { EventBody } from '../../src/driver/core/events.js';
import { initialState, type DriverState } from '../../src/driver/core/state.js';
import { createLoop, type LoopOptions } from '../../src/driver/loop.js';
import { FakeClock, settle } from '../cluster/fake-clock.js';
import { application, SETTINGS } from './core/scenario.js';

const START: EventBody = {
  type: 'started',
  remembered: { apps: {} },
  overrides: {},
  outputs: { images: {}, fingerprints: {} },
};
const DB = application('db');
const TAKEN: EventBody = {
  type: 'revisionSynthesized',
  info: { commit: 'c1', subject: '', author: '', committedAt: 0 },
  desired: { revision: 'c1', apps: { db: DB }, disabled: [], failed: {} },
  secretDigests: {},
};

/** A loop whose effects end as the test says; by default Git has one commit, and everything goes well. */
function start(
  perform: (effect: Effect) => EventBody | undefined | Promise<EventBody | undefined>,
  more: Partial<LoopOptions> = {},
) {
  const clock = new FakeClock();
  const performed: Effect[] = [];
  const loop = createLoop({
    initial: initialState(SETTINGS),
    clock,
    random: () => 0.5,
    logger: silentLogger,
    perform: async (effect) => {
      performed.push(effect);
      return perform(effect);
    },
    ...more,
  });
  loop.dispatch(START);
  return { clock, loop, performed, types: () => performed.map(({ type }) => type) };
}

function wellDone(effect: Effect): EventBody | undefined {
  if (effect.type === 'pollGit') {
    return { type: 'headSeen', commit: 'c1' };
  }
  if (effect.type === 'run') {
    return { type: 'runFinished', run: effect.run, outcomes: [{ app: 'db', changed: true }] };
  }
  return effect.type === 'synthesize' ? TAKEN : undefined;
}

describe('driver/loop', () => {
  it('lets effects run, and what they end as is decided on', async () => {
    const { loop, types } = start(wellDone);
    await loop.idle();
    expect(types()).toEqual(['pollGit', 'synthesize', 'run', 'record', 'refresh']);
    expect(loop.state().apps['db']?.synced?.revision).toBe('c1');
  });

  it('wakes up when something is due, and not before', async () => {
    const { clock, loop, types } = start((effect) =>
      effect.type === 'pollGit' ? { type: 'headSeen', commit: '' } : undefined,
    );
    await loop.idle();
    const before = types().length;
    expect(clock.nextMs()).toBe(SETTINGS.gitIntervalMs);
    await clock.advance(SETTINGS.gitIntervalMs - 1);
    expect(types()).toHaveLength(before);
    await clock.advance(1);
    expect(types().filter((type) => type === 'pollGit')).toHaveLength(2);
  });

  it('does not miss what falls due between a decision and its timer', async () => {
    let now = 1_000_000;
    const waits: number[] = [];
    const clock: Clock = { now: () => now, after: (ms) => (waits.push(ms), () => undefined) };
    const problem = { code: 'git/unreachable', message: '' } as const;
    const { loop } = start(() => ({ type: 'gitFailed', problem }), {
      clock,
      onDecided: (_before, after) => {
        now += after.git.failures === 1 ? 60_000 : 0;
        return undefined;
      },
    });
    await loop.idle();
    expect(waits).toEqual([0]);
  });

  it.each<[Effect['type'], (state: DriverState) => unknown]>([
    ['pollGit', ({ git }) => git.problem?.message],
    ['synthesize', ({ rejected }) => rejected?.problem.message],
    ['run', ({ apps }) => apps['db']?.problem?.message],
  ])('%s that throws ends as a failure, and is not waited for for ever', async (type, problemIn) => {
    const { loop } = start((effect) => (effect.type === type ? Promise.reject(new Error('boom')) : wellDone(effect)));
    await loop.idle();
    expect(problemIn(loop.state())).toBe('boom');
    expect(loop.state().run).toBeUndefined();
    expect(loop.state().synthesizing).toBeUndefined();
    expect(loop.state().git.inFlight).toBe(false);
  });

  it('an effect that throws is logged without credentials', async () => {
    const lines: unknown[] = [];
    const logger: Logger = { ...silentLogger, error: (message, fields) => lines.push([message, fields]) };
    const thrown = new Error('https://me:hunter2hunter2@example.com failed');
    const { loop } = start(() => Promise.reject(thrown), { logger });
    await loop.idle();
    expect(JSON.stringify(lines)).toContain('failed');
    expect(JSON.stringify(lines)).not.toContain('hunter2');
  });

  it('a run waits until what it changes is saved; other effects do not', async () => {
    let save: () => void = () => undefined;
    const saved = new Promise<void>((resolve) => (save = resolve));
    const { types } = start(wellDone, { onDecided: () => saved });
    await settle();
    await settle();
    expect(types()).toContain('synthesize');
    expect(types()).not.toContain('run');
    save();
    await settle();
    expect(types()).toContain('run');
  });

  it('tells listeners after each decision, until they have enough', async () => {
    const { loop } = start(wellDone);
    const seen: (string | undefined)[] = [];
    const unsubscribe = loop.subscribe(({ revision }) => seen.push(revision?.commit));
    await loop.idle();
    unsubscribe();
    const count = seen.length;
    loop.dispatch({ type: 'ticked' });
    expect(seen).toHaveLength(count);
    expect(seen.at(-1)).toBe('c1');
  });

  it('is idle only when no effect runs any more', async () => {
    let end: (event: EventBody) => void = () => undefined;
    const { loop } = start((effect) =>
      effect.type === 'pollGit' ? new Promise((resolve) => (end = resolve)) : wellDone(effect),
    );
    let isIdle = false;
    const idle = loop.idle().then(() => (isIdle = true));
    await settle();
    expect(isIdle).toBe(false);
    end({ type: 'headSeen', commit: 'c1' });
    await idle;
    expect(loop.state().apps['db']?.synced).toBeDefined();
  });

  it('starts nothing by time when it is stopped', async () => {
    const { clock, loop, types } = start(wellDone);
    await loop.idle();
    loop.dispatch({ type: 'stopRequested' });
    loop.stop();
    const before = types().length;
    await clock.advance(SETTINGS.gitIntervalMs * 10);
    expect(clock.pending()).toBe(0);
    expect(types()).toHaveLength(before);
  });

  it('a clock that is turned is told before what happens next, and slow clocks are not', () => {
    const steady = new FakeClock();
    const clock = { now: (): number => steady.now() + turnedMs, after: steady.after.bind(steady) };
    let turnedMs = 0;
    const warned: unknown[] = [];
    const logger = { ...silentLogger, warn: (message: string, fields?: object) => warned.push([message, fields]) };
    const { loop } = start(() => undefined, { clock, steady, logger });
    turnedMs = 1_500;
    loop.dispatch({ type: 'ticked' });
    expect(warned).toEqual([]);
    turnedMs -= 7_200_000;
    loop.dispatch({ type: 'ticked' });
    loop.dispatch({ type: 'ticked' });
    expect(warned).toEqual([["the machine's clock was turned", { byMs: -7_200_000 }]]);
    loop.stop();
  });
});
