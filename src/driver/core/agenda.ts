import { operationDueAt } from './plan.js';
import { watchedProgress } from './progress.js';
import { rollbackDueAt } from './rollout.js';
import type { AppState, DriverState, PollState } from './state.js';

/** When something is due for an application without a new event; Infinity for never. Milliseconds since the epoch. */
export interface Agenda {
  readonly rollback: number;
  readonly operation: number;
  /** To tell the observer what to compare with, or to look at the live objects. */
  readonly look: number;
  /** A pause ends. */
  readonly resume: number;
  /** A sync window begins or ends. */
  readonly window: number;
}

/** One application's dates, which follow from its state alone. */
interface Dates extends Agenda {
  readonly graceMs: number;
}

/** States are values, so what follows from one is computed once: all applications are asked at each event, and few of them changed. */
const DATES = new WeakMap<AppState, Dates>();
const EARLIEST = new WeakMap<DriverState['apps'], Dates>();
const EARLIEST_POLL = new WeakMap<DriverState['registry'], number>();

/** The dates of one application. */
export function agendaOf(app: AppState, graceMs: number): Agenda {
  const known = DATES.get(app);
  if (known?.graceMs === graceMs) {
    return known;
  }
  const dates: Dates = {
    graceMs,
    rollback: rollbackDueAt(app, graceMs) ?? Infinity,
    operation: operationDueAt(app),
    look: lookDueAt(app),
    resume: app.paused?.until ?? Infinity,
    window: app.policy.windows === undefined ? Infinity : (app.window?.until ?? 0),
  };
  DATES.set(app, dates);
  return dates;
}

/** The earliest date of each kind among all applications. */
export function earliestOf({ apps, settings: { rolloutGraceMs } }: DriverState): Agenda {
  const known = EARLIEST.get(apps);
  if (known?.graceMs === rolloutGraceMs) {
    return known;
  }
  let [rollback, operation, look, resume, window] = [Infinity, Infinity, Infinity, Infinity, Infinity];
  for (const app of Object.values(apps)) {
    const dates = agendaOf(app, rolloutGraceMs);
    rollback = Math.min(rollback, dates.rollback);
    operation = Math.min(operation, dates.operation);
    look = Math.min(look, dates.look);
    resume = Math.min(resume, dates.resume);
    window = Math.min(window, dates.window);
  }
  const earliest = { graceMs: rolloutGraceMs, rollback, operation, look, resume, window };
  EARLIEST.set(apps, earliest);
  return earliest;
}

/** When the first registry is to be asked. */
export function earliestPoll({ registry }: Pick<DriverState, 'registry'>): number {
  const known = EARLIEST_POLL.get(registry);
  if (known !== undefined) {
    return known;
  }
  const earliest = Object.values(registry).reduce((first, poll) => Math.min(first, pollDueAt(poll)), Infinity);
  EARLIEST_POLL.set(registry, earliest);
  return earliest;
}

/** When a source is to be asked; Infinity while it is. */
export function pollDueAt({ inFlight, nextAt }: PollState): number {
  return inFlight ? Infinity : nextAt;
}

/** The fingerprint that the observer is to compare with: the target once it is deployed, at once for what is only reported. */
export function fingerprintToWatch(app: AppState): string | undefined {
  if (app.target === undefined || app.operation !== undefined) {
    return app.watched;
  }
  const progress = watchedProgress(app);
  if (progress !== undefined) {
    return progress.target.fingerprint;
  }
  const settled = app.synced?.fingerprint === app.target.fingerprint;
  return settled || !app.policy.automated || app.attempts > 0 ? app.target.fingerprint : app.watched;
}

/** When to look at live objects: where an operation ended, and where what was seen was compared with something else. */
function lookDueAt(app: AppState): number {
  if (app.operation !== undefined) {
    return Infinity;
  }
  if (fingerprintToWatch(app) !== app.watched) {
    return 0;
  }
  return app.observationNeeded === 'due' && app.looking === undefined ? (app.lookAt ?? 0) : Infinity;
}
