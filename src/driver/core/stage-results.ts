import { describeRef } from '../../app/manifest.js';
import type { ObjectObservation } from '../../cluster/port.js';
import type { Effect, HistoryEntry } from './effects.js';
import {
  awaitsOldHook,
  failedHooks,
  isDone,
  objectsSeen,
  progressOf,
  stageAfter,
  stepOf,
  workingHooks,
} from './progress.js';
import { describeStage } from './stage-run.js';
import type { AppState, Problem, StageProgress } from './state.js';
import { without } from './state.js';

/** What is seen of a stage: a hook failed, and the sync ends there; or the last stage is done, and it has ended well. */
export function followStage(app: AppState, at: number): [AppState, Effect[]] {
  const progress = progressOf(app);
  if (progress === undefined || progress.failed !== undefined || app.operation !== undefined) {
    return [app, []];
  }
  const [hook] = failedHooks(app);
  if (hook !== undefined) {
    const problem = hookProblem(app.name, hook);
    const entry = failureEntry(app, progress, problem, at);
    return [{ ...app, progress: { ...progress, failed: problem } }, [{ type: 'record', entry }]];
  }
  const isOver = stepOf(app) === 'go' && stageAfter(progress) === undefined;
  return [isOver ? without(app, 'progress') : app, []];
}

/** What a sync in stages waits for, in one line; undefined when it waits for nothing, or failed. */
export function describeWait(app: AppState): string | undefined {
  const old = awaitsOldHook(app) ? app.progress : undefined;
  if (old !== undefined) {
    return `waits for a hook of ${shortTarget(old)} to end: ${namesOf(workingHooks(app))}`;
  }
  const progress = progressOf(app);
  if (progress === undefined || stepOf(app) !== 'wait') {
    return undefined;
  }
  const stage = describeStage(progress.stage);
  const open = objectsSeen(app, progress)?.filter((object) => !isDone(object)) ?? [];
  return open.length === 0 ? `waits for ${stage}` : `waits for ${stage}: ${namesOf(open)}`;
}

function namesOf(objects: readonly ObjectObservation[]): string {
  const names = objects
    .slice(0, 3)
    .map(({ ref, health }) => `${describeRef(ref)} (${health.failing ?? health.status})`);
  return [...names, ...(objects.length > 3 ? [`and ${objects.length - 3} more`] : [])].join(', ');
}

function shortTarget({ target }: StageProgress): string {
  return `commit ${target.revision.slice(0, 7)}`;
}

function hookProblem(app: string, { ref, hook, health }: ObjectObservation): Problem {
  const why = health.message === undefined ? '' : ` (${health.message})`;
  const consequence = hook === 'post-sync' ? '' : '; what comes after it was not applied';
  return {
    code: 'hook/failed',
    message: `${hook ?? ''} hook ${describeRef(ref)} failed${why}${consequence}. Repeat it with: prodesk sync ${app}`,
  };
}

function failureEntry(
  { name }: AppState,
  { target, kind, by, startedAt }: StageProgress,
  { message }: Problem,
  at: number,
): HistoryEntry {
  const { revision, images } = target;
  return { at, app: name, kind, outcome: 'failed', revision, images, by, message, durationMs: at - startedAt };
}
