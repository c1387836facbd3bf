import type { Clock } from '../base/clock.js';
import { messageOf } from '../base/errors.js';
import type { Logger } from '../base/logger.js';
import { decide } from './core/decide.js';
import type { Effect } from './core/effects.js';
import { nextWakeAt } from './core/advance.js';
import type { DriverEvent, EventBody } from './core/events.js';
import type { DriverState } from './core/state.js';
import { failedEffect } from './effects/failed-effect.js';
import { logEffect, logEvent } from './event-log.js';

/** What {@link createLoop} needs. */
export interface LoopOptions {
  readonly initial: DriverState;
  readonly clock: Clock;
  /** One that nobody can turn: by it is seen when the other is. @default - turned clocks are not noticed */
  readonly steady?: Pick<Clock, 'now'>;
  readonly random: () => number;
  readonly logger: Logger;
  /** Carries out one effect; resolves to the event that it ends as, if any. What it throws becomes the event of a failure. */
  readonly perform: (effect: Effect, state: DriverState) => Promise<EventBody | undefined>;
  /** Called after each decision, before its effects. They wait for what it returns. */
  readonly onDecided?: (
    before: DriverState,
    after: DriverState,
    effects: readonly Effect[],
  ) => Promise<void> | undefined;
}

/** Takes events one by one, decides, and lets effects run; each ends as one event. */
export interface Loop {
  state(): DriverState;
  dispatch(event: EventBody): void;
  /** Calls back after each decision; the returned function ends that. */
  subscribe(listener: (state: DriverState) => void): () => void;
  /** Resolves when no effect runs any more. */
  idle(): Promise<void>;
  /** Stops the timer: nothing is started by time any more. */
  stop(): void;
}

/** What two clocks may come apart by between two events, in milliseconds, without one having been turned. */
const CLOCK_TOLERANCE_MS = 2_000;

/** Starts nothing by itself: the first event does. */
export function createLoop({ initial, clock, steady, random, logger, perform, onDecided }: LoopOptions): Loop {
  let state = initial;
  let decidedAt = clock.now();
  let cancelTimer: () => void = () => undefined;
  let stopped = false;
  let running = 0;
  const listeners = new Set<(state: DriverState) => void>();
  const idleWaiters = new Set<() => void>();

  const schedule = (): void => {
    cancelTimer();
    // From the time of the decision: what fell due since then was not seen by it.
    const wakeAt = stopped || state.stopping ? Infinity : nextWakeAt(state, decidedAt);
    if (wakeAt !== Infinity) {
      cancelTimer = clock.after(Math.max(0, wakeAt - clock.now()), () => dispatch({ type: 'ticked' }));
    }
  };

  const start = (effect: Effect, after: Promise<void> | undefined): void => {
    running += 1;
    void Promise.resolve(after)
      .then(() => perform(effect, state))
      .catch((error: unknown) => {
        logger.error('an effect failed unexpectedly', { effect: effect.type, reason: messageOf(error) });
        return failedEffect(effect, error);
      })
      .then((event) => event && dispatch(event))
      .finally(() => {
        running -= 1;
        if (running === 0) {
          idleWaiters.forEach((resolve) => resolve());
          idleWaiters.clear();
        }
      });
  };

  let ahead = steady === undefined ? 0 : clock.now() - steady.now();
  const noticeTurn = (): void => {
    const byMs = steady === undefined ? 0 : clock.now() - steady.now() - ahead;
    ahead += byMs;
    if (Math.abs(byMs) > CLOCK_TOLERANCE_MS) {
      take({ type: 'clockTurned', byMs });
    }
  };

  const dispatch = (body: EventBody): void => {
    noticeTurn();
    take(body);
  };

  const take = (body: EventBody): void => {
    const event: DriverEvent = { ...body, at: clock.now(), random: random() };
    const before = state;
    const decision = decide(before, event);
    state = decision.state;
    decidedAt = event.at;
    logEvent(logger, event);
    decision.effects.forEach((effect) => logEffect(logger, effect));
    const saved = onDecided?.(before, state, decision.effects);
    decision.effects.forEach((effect) => start(effect, effect.type === 'run' ? saved : undefined));
    listeners.forEach((listener) => listener(state));
    schedule();
  };

  return {
    state: () => state,
    dispatch,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    idle: () => (running === 0 ? Promise.resolve() : new Promise((resolve) => idleWaiters.add(resolve))),
    stop() {
      stopped = true;
      cancelTimer();
    },
  };
}
