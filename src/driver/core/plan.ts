import { canonicalJson } from '../../app/canonical-json.js';
import { deployAppOf, type DeployApp, type IgnoredPointers } from '../../app/deployment.js';
import { objectsOf } from '../../app/image-overrides.js';
import type { ImageOverrides } from '../../app/desired-state.js';
import { keyOf } from '../../app/manifest.js';
import { backoffMs, HEAL_BACKOFF } from './backoff.js';
import { describeDrift, isDrifted } from './drift.js';
import type { Decision, Effect } from './effects.js';
import { mortalKeys } from './losses.js';
import { awaitsOldHook, hasBegun, progressOf, type Step, stepOf, workingHooks } from './progress.js';
import { completes, describeStage, extentOf, progressAtStart, stageToRun } from './stage-run.js';
import type { AppState, DriverState, Operation, OperationKind, SyncRequest } from './state.js';
import { withApps, without } from './state.js';
import { targetOf } from './target.js';

const PRIORITY: Readonly<Record<OperationKind, number>> = { rollback: 0, image: 1, sync: 2, heal: 3, prune: 4 };

/** When an application's next operation may start; Infinity when it needs none as things are. Milliseconds since the epoch. */
export function operationDueAt(app: AppState): number {
  if (app.operation !== undefined || app.paused !== undefined) {
    return Infinity;
  }
  const isRequested = app.requested !== undefined;
  const retryAt = isRequested ? 0 : app.retryAt;
  if (app.removal !== undefined) {
    return mayPrune(app, app.requested) && (isRequested || !isShut(app)) ? retryAt : Infinity;
  }
  const step = stepOf(app);
  const mayRun = isRequested || app.policy.automated || (goesOn(step) && app.attempts === 0);
  if (app.target === undefined || app.definition === undefined || !mayRun || awaitsOldHook(app)) {
    return Infinity;
  }
  if (app.loss !== undefined && app.requested?.prune !== true) {
    return Infinity;
  }
  if (isRequested) {
    return workingHooks(app).length > 0 ? Infinity : 0;
  }
  return ownDueAt(app, step);
}

/** When an application's next operation may start that nobody asked for. */
function ownDueAt(app: AppState, step: Step): number {
  const progress = progressOf(app);
  const isUnderWay = goesOn(step) && progress !== undefined && hasBegun(progress);
  if (isShut(app) && !isUnderWay) {
    return Infinity;
  }
  const startAt = Math.max(app.retryAt, app.awaitsImagesUntil ?? 0);
  const isReached = app.synced?.fingerprint === app.target?.fingerprint;
  if (goesOn(step) || (!isReached && step === 'none')) {
    const isHeld = app.waitsFor !== undefined && app.rollingBack === undefined && !isUnderWay && !isReached;
    const isRepeated = step === 'again' && progress?.applied === true;
    return isHeld ? Infinity : Math.max(startAt, isRepeated ? healDueAt(app) : 0);
  }
  return isReached && app.policy.selfHeal && hasDrift(app) ? Math.max(startAt, healDueAt(app)) : Infinity;
}

function goesOn(step: Step): boolean {
  return step === 'go' || step === 'again';
}

/** Whether no run may start at a time, whoever needs one. Nothing runs before the first revision is known. */
export function isBlocked(state: DriverState, at: number): boolean {
  return (
    state.run !== undefined ||
    state.stopping ||
    state.paused !== undefined ||
    state.revision === undefined ||
    !state.clusterReachable ||
    at < state.engine.retryAt
  );
}

/** Starts the engine for the given applications, those that need it most first, as many as one run takes. */
export function startRun(state: DriverState, due: readonly AppState[], at: number): Decision<DriverState> {
  const needs = due.map((app) => ({ app, kind: kindOf(app) }));
  needs.sort((a, b) => PRIORITY[a.kind] - PRIORITY[b.kind] || (a.app.name < b.app.name ? -1 : 1));
  const batch = needs.slice(0, state.engine.failures > 0 ? 1 : state.settings.batchSize);
  const run = state.nextRunId;
  const begin = batch.map(({ app, kind }) => begun(app, kind, { id: run, at }));
  return {
    state: { ...withApps(state, begin), run: { id: run, apps: begin.map(({ name }) => name) }, nextRunId: run + 1 },
    effects: [runEffect(state, batch, run)],
  };
}

/** Whether live objects differ from the target, as far as they were looked at and compared with it since. */
export function hasDrift(app: AppState): boolean {
  const isCompared = app.observationNeeded === undefined && app.watched === app.target?.fingerprint;
  return isCompared && isDrifted(app.observation);
}

/** When the next heal may start: at once for the first, later and later while someone else keeps changing the objects. */
export function healDueAt(app: AppState): number {
  return app.heal.attempts === 0 ? 0 : app.heal.lastAt + backoffMs(HEAL_BACKOFF, app.heal.attempts, 0.5);
}

/** Whether an application that left Git may be deleted: by itself, or because a person said so. */
export function mayPrune({ removal, policy }: AppState, request: SyncRequest | undefined): boolean {
  return request?.prune === true || (removal?.held === false && policy.automated && policy.prune);
}

/** Whether its sync windows keep an application from being written by itself. A rollback ends what was begun, and is let through. */
export function isShut({ policy, window, rollingBack, synced, target }: AppState): boolean {
  const rollsBack = rollingBack !== undefined && synced?.fingerprint !== target?.fingerprint;
  return policy.windows !== undefined && window?.open !== true && !rollsBack;
}

/** What the operation that an application needs is called. */
function kindOf(app: AppState): OperationKind {
  if (app.removal !== undefined) {
    return 'prune';
  }
  const progress = progressOf(app);
  if (app.synced?.fingerprint === app.target?.fingerprint) {
    const isContinued = progress !== undefined && goesOn(stepOf(app));
    return app.requested !== undefined ? 'sync' : isContinued ? progress.kind : 'heal';
  }
  if (app.rollingBack !== undefined) {
    return 'rollback';
  }
  return progress?.kind ?? (changesOnlyImages(app) ? 'image' : 'sync');
}

/** Whether the target is what was synced but for image tags, whatever commits came between. */
function changesOnlyImages({ name, definition, synced, target }: AppState): boolean {
  if (definition === undefined || synced === undefined || target === undefined) {
    return false;
  }
  return (
    canonicalJson(synced.images) !== canonicalJson(target.images) &&
    targetOf(definition, target.revision, { [name]: synced.images }, '').objectsFingerprint ===
      synced.objectsFingerprint
  );
}

type Need = { readonly app: AppState; readonly kind: OperationKind };

/** An application whose operation runs. A request that comes from now on is for another one. */
function begun(app: AppState, kind: OperationKind, { id, at }: { readonly id: number; readonly at: number }): AppState {
  const target = kind === 'prune' ? undefined : app.target;
  const stage = stageToRun(app, kind);
  const reason = [reasonOf(app, kind) ?? [], stage === undefined ? [] : describeStage(stage)].flat().join(', ');
  const by = app.requested?.by ?? progressOf(app)?.by ?? 'automated';
  const progress = progressAtStart(app, kind, { at, by });
  const operation: Operation = {
    id,
    kind,
    startedAt: at,
    by,
    ...(reason !== '' && { reason }),
    ...(target && { target }),
    ...(app.requested && { requested: app.requested }),
    ...(stage !== undefined && { stage }),
    ...(target && app.definition && { objects: mortalKeys(app.definition.objects) }),
  };
  return {
    ...without(app, 'requested', 'progress', 'loss'),
    operation,
    ...(progress && { progress }),
    ...(target && { attempted: target.objectsFingerprint }),
    ...((kind === 'heal' || isRepeated(app)) && {
      heal: { attempts: app.heal.attempts + 1, lastAt: at, since: app.heal.since ?? at },
    }),
  };
}

/** Whether a stage is applied again because somebody took its objects away, or changed them. */
function isRepeated(app: AppState): boolean {
  return stepOf(app) === 'again' && progressOf(app)?.applied === true;
}

/** Why an application's operation runs, as history tells. */
function reasonOf(app: AppState, kind: OperationKind): string | undefined {
  switch (kind) {
    case 'rollback':
      return app.rollingBack;
    case 'heal':
      return describeDrift(app.observation);
    case 'prune':
      return app.removal?.reason === 'disabled' ? 'switched off in Git' : 'no longer in Git';
    case 'image':
      return 'a newer image';
    case 'sync':
      return app.requested === undefined ? `commit ${app.target?.revision.slice(0, 7) ?? ''}` : 'asked by a person';
  }
}

function runEffect(state: DriverState, batch: readonly Need[], run: number): Effect {
  const removed = new Set(batch.filter(({ kind }) => kind === 'prune').map(({ app }) => app.name));
  const updated = batch.filter(({ kind }) => kind !== 'prune');
  const completed = updated.filter(({ app, kind }) => completes(app, kind));
  const outputs = outputsAfter(state, new Set(completed.map(({ app }) => app.name)), removed);
  return {
    type: 'run',
    run,
    deployment: { apps: updated.flatMap((need) => deployApp(need, state.overrides)), ...outputs },
    remove: [...removed],
    repair: updated
      .filter(({ app, kind }) => kind === 'heal' || app.requested !== undefined || isRepeated(app))
      .map(({ app }) => app.name),
    overrides: Object.fromEntries(Object.entries(state.overrides).filter(([name]) => !removed.has(name))),
  };
}

/** Fields that others were seen to write, and may, are left as they are. */
function deployApp({ app, kind }: Need, overrides: ImageOverrides): DeployApp[] {
  const { definition, observation } = app;
  if (definition === undefined) {
    return [];
  }
  const seen = observation?.objects.flatMap(({ ref, ignored }) =>
    ignored === undefined ? [] : [[keyOf(ref), ignored]],
  );
  const objects = objectsOf(definition, overrides);
  const deployed = deployAppOf(definition, objects, Object.fromEntries(seen ?? []) as IgnoredPointers);
  const extent = extentOf(app, kind, objects);
  return [extent === undefined ? deployed : { ...deployed, extent }];
}

/** The stack's outputs after the run: targets of what is updated now, what was synced of the others. */
function outputsAfter(state: DriverState, updated: ReadonlySet<string>, removed: ReadonlySet<string>) {
  const images: Record<string, Readonly<Record<string, string>>> = {};
  const fingerprints: Record<string, string> = {};
  for (const app of Object.values(state.apps)) {
    const reached = updated.has(app.name) ? app.target : app.synced;
    if (reached !== undefined && !removed.has(app.name)) {
      fingerprints[app.name] = reached.objectsFingerprint;
      if (Object.keys(reached.images).length > 0) {
        images[app.name] = reached.images;
      }
    }
  }
  return { images, fingerprints };
}
