import { shortVersion } from '../../app/image.js';
import { oneLine } from '../../base/visible-text.js';
import { conditionsOf, endOf, type Condition, type NewsEvent } from './conditions.js';
import type { HistoryEntry } from './effects.js';
import type { DriverState } from './state.js';

/** One thing that people are told. Its text holds no secret and is one line. */
export interface Notice {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly event: NewsEvent;
  /** Absent when it concerns all applications. */
  readonly app?: string;
  readonly message: string;
  readonly revision?: string;
  readonly images?: Readonly<Record<string, string>>;
}

/** A condition that is watched: it is there, or is over since a moment. */
export interface OpenCondition extends Condition {
  readonly since: number;
  readonly told: boolean;
  readonly overSince?: number;
}

/** What was told, by the keys of conditions. A restart brings it back, so that nothing is told twice. */
export type NewsMemory = Readonly<Record<string, OpenCondition>>;

/** What is to be told now, and when to look again although nothing happens. */
export interface News {
  readonly memory: NewsMemory;
  readonly notices: readonly Notice[];
  /** Milliseconds since the epoch; Infinity for never. */
  readonly wakeAt: number;
}

/** So long a condition must be over before people are told: what comes and goes is one and the same. */
const CALM_MS = 30_000;

/** Tells each condition once when it has lasted, and once when it is over. */
export function newsOf(before: NewsMemory, state: DriverState, at: number): News {
  const now = new Map(conditionsOf(state, at).map((condition) => [condition.key, condition]));
  const open: OpenCondition[] = [...now.values()].map((condition) => begun(before[condition.key], condition, at));
  const past = Object.values(before).filter(({ key }) => !now.has(key));
  const left = past.flatMap((condition) => ended(condition, endOf(state, condition), at));
  const isCalm = ({ overSince = Infinity }: OpenCondition): boolean => at - overSince >= CALM_MS;
  const kept = [...open, ...left.filter((condition) => !isCalm(condition))];
  const due = kept.filter(
    ({ told, overSince, since, holdMs }) => !told && overSince === undefined && at - since >= holdMs,
  );
  const over = left.filter(isCalm).filter(({ app }) => !kept.some((one) => one.told && one.app === app));
  const memory = Object.fromEntries(kept.map((one) => [one.key, due.includes(one) ? { ...one, told: true } : one]));
  return {
    memory,
    notices: [...due.map((condition) => noticeOf(condition, state, at)), ...recoveries(over, state, at)],
    wakeAt: Object.values(memory).reduce((first, condition) => Math.min(first, wakeAtOf(condition)), Infinity),
  };
}

/** What history tells that is news: an image that came, or was taken back. */
export function noticeOfEntry({
  at,
  app,
  kind,
  outcome,
  by,
  images,
  revision,
  reason,
}: HistoryEntry): Notice | undefined {
  const versions = Object.values(images).map(shortVersion).join(', ');
  const of = (event: NewsEvent, message: string): Notice => ({
    at,
    event,
    app,
    message: oneLine(message),
    images,
    ...(revision !== undefined && { revision }),
  });
  if (kind === 'image' && outcome === 'healthy') {
    return of('image-updated', `runs ${versions}`);
  }
  return kind === 'rollback' && outcome === 'succeeded' && by === 'automated'
    ? of('image-rolled-back', `went back to ${versions}: ${reason ?? 'the newer one failed'}`)
    : undefined;
}

function begun(known: OpenCondition | undefined, condition: Condition, at: number): OpenCondition {
  return known === undefined
    ? { ...condition, since: at, told: false }
    : { ...condition, since: known.since, told: known.told };
}

/** What was never told is forgotten; the rest is kept until it is surely over for a while. */
function ended(condition: OpenCondition, end: 'over' | 'gone' | 'unsure', at: number): OpenCondition[] {
  if (!condition.told || end === 'gone') {
    return [];
  }
  const { overSince, ...rest } = condition;
  return [end === 'over' ? { ...rest, overSince: overSince ?? at } : rest];
}

function wakeAtOf({ told, since, holdMs, overSince }: OpenCondition): number {
  if (overSince !== undefined) {
    return overSince + CALM_MS;
  }
  return told ? Infinity : since + holdMs;
}

function noticeOf({ event, app, message }: Condition, state: DriverState, at: number): Notice {
  const known = app === undefined ? undefined : state.apps[app];
  const revision = known?.target?.revision ?? known?.synced?.revision;
  return {
    at,
    event,
    message,
    ...(app !== undefined && { app }),
    ...(revision !== undefined && { revision }),
    ...(known?.target && { images: known.target.images }),
  };
}

/** Of several conditions of an application that are over at once, one notice. */
function recoveries(over: readonly OpenCondition[], state: DriverState, at: number): Notice[] {
  const byApp = new Map(over.map((condition) => [condition.app, condition]));
  return [...byApp.values()].map((condition) =>
    noticeOf({ ...condition, event: 'recovered', message: `over: ${condition.event}` }, state, at),
  );
}
