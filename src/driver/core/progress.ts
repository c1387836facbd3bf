import { keyOf, type Manifest, type ObjectKey } from '../../app/manifest.js';
import { compareStages, hookOf, type Stage, stageOf, stagesOf } from '../../app/stages.js';
import type { ObjectObservation } from '../../cluster/port.js';
import type { AppState, StageProgress } from './state.js';

/**
 * What a sync in stages does next: `go` to the stage after the one that is applied and done; do it `again`, because nobody knows how far it came or
 * because somebody took its objects away; `wait` for what it applied; or stay, because a hook `failed`. `none` when there is no such sync of the target.
 */
export type Step = 'none' | 'go' | 'again' | 'wait' | 'failed';

const STAGES = new WeakMap<readonly Manifest[], readonly Stage[]>();

/** The stages of an application's objects. Computed once, because all applications are asked at each event. */
export function stagesOfObjects(objects: readonly Manifest[]): readonly Stage[] {
  const known = STAGES.get(objects) ?? stagesOf(objects);
  STAGES.set(objects, known);
  return known;
}

/** The last stage that is a wave: with it everything of the application is applied, and what left it is deleted. */
export function lastWaveOf(stages: readonly Stage[]): Stage {
  return stages.findLast((stage) => typeof stage === 'number') ?? 0;
}

/** Whether a sync that came so far has applied everything. */
export function isWhole({ definition, stage }: Pick<StageProgress, 'definition' | 'stage'>): boolean {
  return compareStages(stage, lastWaveOf(stagesOfObjects(definition.objects))) >= 0;
}

/** The stage after one; undefined after the last. */
export function stageAfter({ definition, stage }: Pick<StageProgress, 'definition' | 'stage'>): Stage | undefined {
  return stagesOfObjects(definition.objects).find((other) => compareStages(other, stage) > 0);
}

/** The sync in stages that an application is in the middle of, if it still is of the target. */
export function progressOf({ progress, target }: AppState): StageProgress | undefined {
  return progress !== undefined && progress.target.fingerprint === target?.fingerprint ? progress : undefined;
}

/** What the sync in stages that an application is in the middle of does next. */
export function stepOf(app: AppState): Step {
  const progress = progressOf(app);
  if (progress === undefined) {
    return 'none';
  }
  if (progress.failed !== undefined) {
    return 'failed';
  }
  if (!progress.applied) {
    return 'again';
  }
  const seen = objectsSeen(app, progress);
  const objects = progress.stage === 'post-sync' ? seen?.filter(({ hook }) => hook !== undefined) : seen;
  if (objects === undefined || objects.some(({ state }) => state === 'unknown')) {
    return 'wait';
  }
  const lost = objects.filter(isLost);
  if (lost.some(({ hook }) => hook !== undefined || !isWhole(progress))) {
    return 'again';
  }
  /** What is lost after everything was applied, is drift. */
  return lost.length === 0 && objects.every(isDone) ? 'go' : 'wait';
}

/** Whether a sync in stages goes on without anybody's doing: its next stage comes, or what it applied is awaited. */
export function isUnderWay(app: AppState): boolean {
  const isHeld = app.paused !== undefined || app.removal !== undefined || app.attempts > 0;
  return !isHeld && ['go', 'again', 'wait'].includes(stepOf(app));
}

/** Whether a sync in stages has come so far that it is better ended than left, also when nothing new may be begun. */
export function hasBegun({ definition, stage, applied }: StageProgress): boolean {
  return applied || stage !== stagesOfObjects(definition.objects)[0];
}

/**
 * Whether a hook of an earlier target may be at work, so that nothing of the application is to be written: two migrations at once destroy data. One that
 * fails to start is not waited for.
 */
export function awaitsOldHook(app: AppState): boolean {
  const { progress } = app;
  if (progress === undefined || progress.failed !== undefined || progressOf(app) !== undefined || !runsHook(progress)) {
    return false;
  }
  const hooks = objectsSeen(app, progress)?.filter(({ hook }) => hook !== undefined);
  return hooks === undefined || hooks.some(isAtWork);
}

/** The hooks that an application waits for, and that are at work. */
export function workingHooks(app: AppState): readonly ObjectObservation[] {
  const { progress } = app;
  const objects = progress === undefined ? undefined : objectsSeen(app, progress);
  return objects?.filter((object) => object.hook !== undefined && isAtWork(object)) ?? [];
}

/** The sync in stages whose objects the live ones are to be compared with, while one is under way. */
export function watchedProgress(app: AppState): StageProgress | undefined {
  return progressOf(app) ?? (awaitsOldHook(app) ? app.progress : undefined);
}

/** The hooks of the stage that failed. */
export function failedHooks(app: AppState): readonly ObjectObservation[] {
  const progress = progressOf(app);
  const objects = progress?.applied === true ? objectsSeen(app, progress) : undefined;
  return objects?.filter(({ hook, health }) => hook !== undefined && health.status === 'Degraded') ?? [];
}

/** The objects of an application that a run of one stage does not touch: those of later stages, and hooks of earlier ones, which have run. */
export function untouchedIn(objects: readonly Manifest[], stage: Stage): ObjectKey[] {
  return objects
    .filter((object) => {
      const order = compareStages(stageOf(object), stage);
      return order > 0 || (order < 0 && hookOf(object) !== undefined);
    })
    .map(keyOf);
}

/**
 * The objects that the present stage has to do with, as far as they were seen since it was applied: in a wave all that is applied so far, and its hooks.
 * Undefined while they were not.
 */
export function objectsSeen(app: AppState, progress: StageProgress): readonly ObjectObservation[] | undefined {
  if (app.observationNeeded !== undefined || app.watched !== progress.target.fingerprint) {
    return undefined;
  }
  return app.observation?.objects.filter(({ stage = 0, hook }) => {
    const order = compareStages(stage, progress.stage);
    return order === 0 || (order < 0 && hook === undefined);
  });
}

function runsHook({ definition, stage }: StageProgress): boolean {
  return (
    stage !== 'post-sync' &&
    definition.objects.some((object) => hookOf(object) !== undefined && stageOf(object) === stage)
  );
}

function isAtWork({ state, health }: ObjectObservation): boolean {
  return (
    state === 'unknown' || (state !== 'missing' && health.status === 'Progressing' && health.failing === undefined)
  );
}

function isLost({ state, hook }: ObjectObservation): boolean {
  return state === 'missing' || (state === 'drifted' && hook === undefined);
}

/** Whether a stage need not wait for an object. A claim may wait for its first pod, which a later wave brings; what is suspended is so on purpose. */
export function isDone({ ref, hook, health: { status } }: ObjectObservation): boolean {
  const isClaim = ref.kind === 'PersistentVolumeClaim' && status === 'Progressing';
  return status === 'Healthy' || (hook === undefined && (status === 'Suspended' || isClaim));
}
