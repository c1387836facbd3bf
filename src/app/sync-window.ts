import { Cron } from 'croner';
import { parseDuration } from '../base/duration.js';

/** A time in which an application may, or may not, be written by itself. */
export interface SyncWindowProps {
  /** `allow`: nothing is written by itself outside all of these. `deny`: nothing is written by itself inside any of these. */
  readonly kind: 'allow' | 'deny';
  /** When it begins: five cron fields, such as `0 22 * * 1-5`. */
  readonly schedule: string;
  /** How long it lasts, such as `2h`. */
  readonly duration: string;
  /** An IANA name, such as `Asia/Seoul`. @default UTC */
  readonly timeZone?: string;
  /** Whether a person may sync in spite of it. @default true */
  readonly manual?: boolean;
}

/** A window, complete. */
export interface SyncWindow extends Required<Omit<SyncWindowProps, 'duration'>> {
  readonly durationMs: number;
}

/** What an application's windows say at a time. */
export interface WindowState {
  /** Whether it may be written by itself. */
  readonly open: boolean;
  /** Whether a person may have it written. */
  readonly manual: boolean;
  /** Until when this holds at least; milliseconds since the epoch, Infinity for ever. */
  readonly until: number;
  /** When it opens next, where it is closed and that is known. */
  readonly opensAt?: number;
}

/** A schedule that meets itself without end is looked at again after so many times. */
const MAX_STEPS = 100;
const CRONS = new Map<string, Cron>();
const CACHE_SIZE = 500;

/**
 * A window, complete.
 * @throws RangeError when the schedule, duration or time zone is none
 */
export function syncWindowOf({
  duration,
  timeZone = 'UTC',
  manual = true,
  kind,
  schedule,
}: SyncWindowProps): SyncWindow {
  const window = { kind, schedule, durationMs: parseDuration(duration), timeZone, manual };
  if (schedule.trim().split(/\s+/).length !== 5) {
    throw new RangeError(`schedule "${schedule}" does not have five fields, such as "0 22 * * 1-5"`);
  }
  if (window.durationMs < 60_000) {
    throw new RangeError(`duration "${duration}" is shorter than a minute`);
  }
  try {
    nextStart(window, 0);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new RangeError(`schedule "${schedule}" in time zone "${timeZone}" cannot be used: ${reason}`);
  }
  return window;
}

/** What windows say at a time: closed inside any `deny`, and outside all `allow` where there is one. */
export function windowStateAt(windows: readonly SyncWindow[], at: number): WindowState {
  const now = judge(windows, at);
  if (now.open) {
    return now;
  }
  let opensAt = now.until;
  for (let steps = 0; steps < MAX_STEPS && opensAt !== Infinity; steps += 1) {
    const then = judge(windows, opensAt);
    if (then.open) {
      return { ...now, opensAt };
    }
    opensAt = then.until;
  }
  return now;
}

function judge(windows: readonly SyncWindow[], at: number): WindowState {
  const seen = windows.map((window) => ({ window, end: endOf(window, at) }));
  const allows = seen.filter(({ window }) => window.kind === 'allow');
  const isOutside = allows.length > 0 && allows.every(({ end }) => end === undefined);
  const denying = seen.filter(({ window, end }) => window.kind === 'deny' && end !== undefined);
  const blocking = [...denying, ...(isOutside ? allows : [])];
  return {
    open: blocking.length === 0,
    manual: blocking.every(({ window }) => window.manual),
    until: Math.min(...seen.map(({ window, end }) => end ?? nextStart(window, at))),
  };
}

/** When the window that a time is in ends; undefined outside of it. Occurrences that meet are one. */
function endOf(window: SyncWindow, at: number): number | undefined {
  let start = nextStart(window, at - window.durationMs);
  if (start > at) {
    return undefined;
  }
  for (let steps = 0; steps < MAX_STEPS; steps += 1) {
    const next = nextStart(window, start);
    if (next > start + window.durationMs) {
      break;
    }
    start = next;
  }
  return start + window.durationMs;
}

/** When a window begins next after a time; Infinity for never again. */
function nextStart({ schedule, timeZone }: SyncWindow, after: number): number {
  const key = `${timeZone} ${schedule}`;
  const cron = CRONS.get(key) ?? new Cron(schedule, { timezone: timeZone, paused: true });
  if (CRONS.size >= CACHE_SIZE) {
    CRONS.clear();
  }
  CRONS.set(key, cron);
  return cron.nextRun(new Date(after))?.getTime() ?? Infinity;
}
