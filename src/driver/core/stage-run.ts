import type { DeployExtent } from '../../app/deployment.js';
import { keyOf, type Manifest } from '../../app/manifest.js';
import { hookKeysOf, hookOf, type Stage } from '../../app/stages.js';
import { failedHooks, isWhole, progressOf, stageAfter, stagesOfObjects, stepOf, untouchedIn } from './progress.js';
import type { AppState, OperationKind, StageProgress } from './state.js';

/**
 * The stage that an operation applies; undefined for all at once. Only what is new goes in stages: a repair and a rollback put back what was there
 * before, at once and without hooks.
 */
export function stageToRun(app: AppState, kind: OperationKind): Stage | undefined {
  const { definition, target, synced } = app;
  if (definition === undefined || target === undefined || (kind !== 'sync' && kind !== 'image')) {
    return undefined;
  }
  const progress = progressOf(app);
  if (progress !== undefined) {
    return stepOf(app) === 'go' ? stageAfter(progress) : progress.stage;
  }
  const isNew = synced?.objectsFingerprint !== target.objectsFingerprint;
  return isNew && goesInStages(definition.objects) ? stagesOfObjects(definition.objects)[0] : undefined;
}

/** How far an application has come when an operation begins; undefined when it is in the middle of nothing any more. */
export function progressAtStart(
  app: AppState,
  kind: OperationKind,
  { at, by }: { readonly at: number; readonly by: string },
): StageProgress | undefined {
  const stage = stageToRun(app, kind);
  const { definition, target, progress } = app;
  if (stage === undefined || definition === undefined || target === undefined) {
    return kind === 'heal' ? progress : undefined;
  }
  const { kind: first, startedAt, by: who } = progressOf(app) ?? { kind, startedAt: at, by };
  return { definition, target, stage, applied: false, kind: first, startedAt, by: who };
}

/** Whether an operation of an application leaves nothing of the target undone but hooks. */
export function completes(app: AppState, kind: OperationKind): boolean {
  const stage = stageToRun(app, kind);
  return stage === undefined || app.definition === undefined || isWhole({ definition: app.definition, stage });
}

/** What an operation touches; undefined for everything. */
export function extentOf(app: AppState, kind: OperationKind, objects: readonly Manifest[]): DeployExtent | undefined {
  const stage = stageToRun(app, kind);
  if (stage !== undefined) {
    const anew = failedHooks(app).map(({ ref }) => keyOf(ref));
    return { untouched: untouchedIn(objects, stage), keepsRest: !completes(app, kind), anew };
  }
  const untouched = hookKeysOf(objects);
  return untouched.length === 0 ? undefined : { untouched, keepsRest: false, anew: [] };
}

/** A stage in words: `wave 1`, `pre-sync hooks`. */
export function describeStage(stage: Stage): string {
  return typeof stage === 'number' ? `wave ${stage}` : `${stage} hooks`;
}

function goesInStages(objects: readonly Manifest[]): boolean {
  return stagesOfObjects(objects).length > 1 || objects.some((object) => hookOf(object) !== undefined);
}
