import type { EventOf } from './events.js';
import type { AppState, DriverState, PollState } from './state.js';
import { withApps, without } from './state.js';

/**
 * The machine's clock was turned: whatever waits, waits as long as it would have. Otherwise a clock that is turned back by hours would stop polls and
 * repeats for hours, and one that is turned forward would end the grace of a rollout. What a person said by the clock, such as the end of a pause,
 * and what is remembered of the past stay; sync windows are to be looked at anew.
 */
export function onClockTurned(state: DriverState, { byMs }: EventOf<'clockTurned'>): DriverState {
  const moved = (at: number): number => (at === 0 ? 0 : at + byMs);
  const apps = Object.values(state.apps).map((app) => movedApp(app, moved));
  const registry = Object.entries(state.registry).map(([name, poll]) => [name, movedPoll(poll, moved)] as const);
  return {
    ...withApps(state, apps),
    git: movedPoll(state.git, moved),
    registry: Object.fromEntries(registry),
    engine: movedTimes(state.engine, ['retryAt'], moved),
    ...(state.rejected && { rejected: movedTimes(state.rejected, ['retryAt'], moved) }),
  };
}

function movedPoll<T extends PollState>(poll: T, moved: (at: number) => number): T {
  return movedTimes(poll, ['nextAt', 'notBefore', 'lastSuccessAt'], moved);
}

function movedApp(app: AppState, moved: (at: number) => number): AppState {
  const { operation, progress, rollout, heal } = app;
  return {
    ...movedTimes(without(app, 'window'), ['retryAt', 'lookAt', 'awaitsImagesUntil'], moved),
    heal: movedTimes(heal, ['lastAt', 'since'], moved),
    ...(operation && { operation: movedTimes(operation, ['startedAt'], moved) }),
    ...(progress && { progress: movedTimes(progress, ['startedAt'], moved) }),
    ...(rollout && { rollout: movedTimes(rollout, ['startedAt', 'failingSince'], moved) }),
  };
}

/** With the times of some fields moved, where they are there. */
function movedTimes<T extends object, K extends keyof T>(
  value: T & { readonly [Key in K]?: number | undefined },
  fields: readonly K[],
  moved: (at: number) => number,
): T {
  const times = fields.flatMap((field) => {
    const at: number | undefined = value[field];
    return at === undefined ? [] : [[field, moved(at)] as const];
  });
  return { ...value, ...Object.fromEntries(times) };
}
