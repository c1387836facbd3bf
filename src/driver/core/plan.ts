import { canonicalJson } from '../../app/canonical-json.js';
import type { DeployApp } from '../../app/deployment.js';
import type { ImageOverrides } from '../../app/desired-state.js';
import { backoffMs, HEAL_BACKOFF } from './backoff.js';
import type { Decision, Effect } from './effects.js';
import { isDrifted } from './rollout.js';
import type { AppState, DriverState, Operation, OperationKind, SyncRequest } from './state.js';
import { without } from './state.js';
import { objectsOf } from './target.js';

const PRIORITY: Readonly<Record<OperationKind, number>> = { rollback: 0, image: 1, sync: 2, heal: 3, prune: 4 };

/** The operation that an application needs now, if any. */
export function neededOperation(app: AppState, at: number): OperationKind | undefined {
  if (app.operation !== undefined || (app.requested === undefined && at < app.retryAt)) {
    return undefined;
  }
  if (app.removal !== undefined) {
    return mayPrune(app, app.requested) ? 'prune' : undefined;
  }
  if (app.target === undefined || app.definition === undefined) {
    return undefined;
  }
  const waitsForImages = (app.awaitsImagesUntil ?? 0) > at;
  if (app.requested === undefined && (waitsForImages || !app.policy.automated)) {
    return undefined;
  }
  if (app.synced?.fingerprint !== app.target.fingerprint) {
    return kindOfSync(app);
  }
  if (app.requested !== undefined) {
    return 'sync';
  }
  return app.policy.selfHeal && hasDrift(app) && at >= healDueAt(app) ? 'heal' : undefined;
}

/** Starts the engine for the applications that need it most, unless it runs or must wait. Nothing runs before the first revision is known. */
export function planRun(state: DriverState, at: number): Decision<DriverState> {
  const idle = { state, effects: [] };
  const isBlocked = state.run !== undefined || state.stopping || !state.clusterReachable || at < state.engine.retryAt;
  if (isBlocked || state.revision === undefined) {
    return idle;
  }
  const needs: Need[] = [];
  for (const app of Object.values(state.apps)) {
    const kind = neededOperation(app, at);
    if (kind !== undefined) {
      needs.push({ app, kind });
    }
  }
  if (needs.length === 0) {
    return idle;
  }
  needs.sort((a, b) => PRIORITY[a.kind] - PRIORITY[b.kind] || (a.app.name < b.app.name ? -1 : 1));
  const batch = needs.slice(0, state.engine.failures > 0 ? 1 : state.settings.batchSize);
  return startRun(state, batch, at);
}

/** Whether live objects differ from what was deployed, as far as it was looked at since. */
export function hasDrift(app: AppState): boolean {
  return app.observationNeeded === undefined && isDrifted(app.observation);
}

/** When the next heal may start: at once for the first, later and later while someone else keeps changing the objects. */
export function healDueAt(app: AppState): number {
  return app.heal.attempts === 0 ? 0 : app.heal.lastAt + backoffMs(HEAL_BACKOFF, app.heal.attempts, 0.5);
}

/** Whether an application that left Git may be deleted: by itself, or because a person said so. */
export function mayPrune({ removal, policy }: AppState, request: SyncRequest | undefined): boolean {
  return request?.prune === true || (removal?.held === false && policy.automated && policy.prune);
}

function kindOfSync(app: AppState): OperationKind {
  if (app.rollingBack !== undefined) {
    return 'rollback';
  }
  const [now, next] = [app.synced?.images, app.target?.images];
  const sameRevision = app.synced?.revision === app.target?.revision;
  return now !== undefined && sameRevision && canonicalJson(now) !== canonicalJson(next) ? 'image' : 'sync';
}

type Need = { readonly app: AppState; readonly kind: OperationKind };

function startRun(state: DriverState, batch: readonly Need[], at: number): Decision<DriverState> {
  const run = state.nextRunId;
  const apps = { ...state.apps };
  for (const { app, kind } of batch) {
    apps[app.name] = begun(app, kind, { id: run, at });
  }
  const names = batch.map(({ app }) => app.name);
  return {
    state: { ...state, apps, run: { id: run, apps: names }, nextRunId: run + 1 },
    effects: [runEffect(state, batch, run)],
  };
}

/** An application whose operation runs. A request that comes from now on is for another one. */
function begun(app: AppState, kind: OperationKind, { id, at }: { readonly id: number; readonly at: number }): AppState {
  const target = kind === 'prune' ? undefined : app.target;
  const operation: Operation = {
    id,
    kind,
    startedAt: at,
    by: app.requested?.by ?? 'automated',
    ...(target && { target }),
    ...(app.requested && { requested: app.requested }),
  };
  return {
    ...without(app, 'requested'),
    operation,
    ...(target && { attempted: target.objectsFingerprint }),
    ...(kind === 'heal' && { heal: { attempts: app.heal.attempts + 1, lastAt: at } }),
  };
}

function runEffect(state: DriverState, batch: readonly Need[], run: number): Effect {
  const removed = new Set(batch.filter(({ kind }) => kind === 'prune').map(({ app }) => app.name));
  const updated = batch.filter(({ kind }) => kind !== 'prune');
  const outputs = outputsAfter(state, new Set(updated.map(({ app }) => app.name)), removed);
  return {
    type: 'run',
    run,
    deployment: { apps: updated.flatMap(({ app }) => deployApp(app, state.overrides)), ...outputs },
    remove: [...removed],
    repair: updated
      .filter(({ app, kind }) => kind === 'heal' || app.requested !== undefined)
      .map(({ app }) => app.name),
    overrides: Object.fromEntries(Object.entries(state.overrides).filter(([name]) => !removed.has(name))),
  };
}

function deployApp({ name, definition, policy }: AppState, overrides: ImageOverrides): DeployApp[] {
  return definition === undefined
    ? []
    : [
        {
          name,
          namespace: definition.namespace,
          createNamespace: policy.createNamespace,
          objects: objectsOf(definition, overrides),
        },
      ];
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
