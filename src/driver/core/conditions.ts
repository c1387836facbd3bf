import { oneLine } from '../../base/visible-text.js';
import { describeFight } from './drift.js';
import { followedBy } from './followed.js';
import { lossProblem } from './losses.js';
import { hasDrift } from './plan.js';
import { progressOf } from './progress.js';
import type { AppState, DriverState, PollState, Problem } from './state.js';
import { failureCodeOf } from './state.js';

/** What people can be told of. */
export const NEWS_EVENTS = [
  'sync-failed',
  'degraded',
  'recovered',
  'image-updated',
  'image-rolled-back',
  'image-failed',
  'drift-fought',
  'prune-held',
  'commit-rejected',
  'git-unreachable',
  'registry-unreachable',
  'cluster-unreachable',
] as const;

/** What people are told of. */
export type NewsEvent = (typeof NEWS_EVENTS)[number];

/** Something that is wrong as long as it lasts. */
export interface Condition {
  /** The same thing has the same key. */
  readonly key: string;
  readonly event: NewsEvent;
  /** Absent when it concerns all applications. */
  readonly app?: string;
  readonly message: string;
  /** How long it must last before it is worth telling, in milliseconds. */
  readonly holdMs: number;
}

/** Short failures of these pass by themselves, or are rolled back. */
const DEGRADED_HOLD_MS = 30_000;
const SYNC_HOLD_MS = 20_000;
const UNREACHABLE_HOLD_MS = 300_000;
/** After so many repairs in a row somebody is at work. */
const FOUGHT_REPAIRS = 3;
/** So long after the last repair a fight counts as over. */
const FIGHT_OVER_MS = 300_000;

/** Everything that is wrong at a time (milliseconds since the epoch). */
export function conditionsOf(state: DriverState, at: number): Condition[] {
  const { git, registry, rejected, clusterReachable } = state;
  return [
    ...sourceCondition('git', 'git-unreachable', git),
    ...Object.entries(registry).flatMap(([key, poll]) =>
      sourceCondition(`registry ${key}`, 'registry-unreachable', poll),
    ),
    ...(clusterReachable
      ? []
      : [condition('cluster', 'cluster-unreachable', 'the cluster cannot be reached', UNREACHABLE_HOLD_MS)]),
    ...(rejected === undefined
      ? []
      : [condition('commit', 'commit-rejected', `commit ${rejected.commit.slice(0, 7)}: ${rejected.problem.message}`)]),
    ...Object.values(state.apps).flatMap((app) => appConditions(app, at)),
  ];
}

/** What is known of a condition that was there before and is not among {@link conditionsOf} any more. */
export function endOf(
  state: DriverState,
  { event, app: name }: Pick<Condition, 'event' | 'app'>,
): 'over' | 'gone' | 'unsure' {
  if (name === undefined) {
    return isHeard(state, event) ? 'over' : 'unsure';
  }
  if (state.revision === undefined) {
    return 'unsure';
  }
  const app = state.apps[name];
  if (app === undefined) {
    return 'gone';
  }
  const isAsWanted = app.synced !== undefined && app.synced.fingerprint === app.target?.fingerprint;
  const health = app.observation?.health.status;
  const isUp = health === 'Healthy' || health === 'Suspended';
  const isOver = event === 'degraded' ? isUp : event === 'sync-failed' ? isAsWanted : app.observation !== undefined;
  return isOver ? 'over' : 'unsure';
}

function isHeard({ git, registry, revision, clusterReachable }: DriverState, event: NewsEvent): boolean {
  if (event === 'git-unreachable') {
    return git.lastSuccessAt !== undefined && git.problem === undefined;
  }
  if (event === 'registry-unreachable') {
    return Object.values(registry).some(({ lastSuccessAt }) => lastSuccessAt !== undefined);
  }
  return revision !== undefined && (event !== 'cluster-unreachable' || clusterReachable);
}

function sourceCondition(name: string, event: NewsEvent, { problem }: PollState): Condition[] {
  return problem === undefined ? [] : [condition(name, event, `${name}: ${problem.message}`, UNREACHABLE_HOLD_MS)];
}

function appConditions(app: AppState, at: number): Condition[] {
  const { name, observation, heal, removal } = app;
  const of = (event: NewsEvent, message: string, holdMs = 0): Condition => ({
    ...condition(`${event} ${name}`, event, message, holdMs),
    app: name,
  });
  const loss = lossProblem(app);
  const isHeld = removal?.held === true || loss !== undefined;
  const failure = isHeld ? undefined : (progressOf(app)?.failed ?? app.problem);
  const refused = imageProblemOf(app);
  const synth = app.synthFailure;
  const fights = heal.attempts >= FOUGHT_REPAIRS && (hasDrift(app) || at - heal.lastAt < FIGHT_OVER_MS);
  return [
    ...(failure ? [of(isImageUpdate(app) ? 'image-failed' : 'sync-failed', failure.message, SYNC_HOLD_MS)] : []),
    ...(synth ? [of('commit-rejected', `${failureCodeOf(synth)}: ${synth.message}`)] : []),
    ...(observation?.health.status === 'Degraded'
      ? [of('degraded', observation.health.message ?? 'Degraded', DEGRADED_HOLD_MS)]
      : []),
    ...(refused ? [{ ...of('image-failed', refused.message), key: `image-refused ${name}` }] : []),
    ...(fights ? [of('drift-fought', describeFight(observation) ?? `${heal.attempts} repairs in a row`)] : []),
    ...(isHeld ? [of('prune-held', loss?.message ?? `${name} is no longer in Git and waits to be pruned`)] : []),
  ];
}

/** That there is nothing to take yet is told by other means: only what was refused counts. */
function imageProblemOf(app: AppState): Problem | undefined {
  return followedBy(app)
    .flatMap(({ policy }) => app.imageProblems?.[policy.image] ?? [])
    .find(({ code }) => code !== 'image/none');
}

/** Whether only images differ between what is deployed and what is wanted of the same commit. */
function isImageUpdate({ synced, target }: AppState): boolean {
  return synced !== undefined && synced.revision === target?.revision && synced.fingerprint !== target.fingerprint;
}

function condition(key: string, event: NewsEvent, message: string, holdMs = 0): Condition {
  return { key, event, message: oneLine(message), holdMs };
}
