import type { DeployApp } from '../../app/deployment.js';
import type { ImageOverrides } from '../../app/desired-state.js';
import { backoffMs, HEAL_BACKOFF } from './backoff.js';
import type { Decision, Effect } from './effects.js';
import type { AppState, DriverState, OperationKind } from './state.js';
import { objectsOf } from './target.js';

/** A heal that long ago no longer counts as a fight; milliseconds. */
const HEAL_MEMORY_MS = 300_000;
const PRIORITY: Readonly<Record<OperationKind, number>> = { rollback: 0, image: 1, sync: 2, heal: 3, prune: 4 };

/** The operation that an application needs now, if any. */
export function neededOperation(app: AppState, at: number): OperationKind | undefined {
  if (app.operation !== undefined || (app.requested === undefined && at < app.retryAt)) {
    return undefined;
  }
  if (app.removal !== undefined) {
    return mayPrune(app) ? 'prune' : undefined;
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

/** Starts the engine for the applications that need it most, unless it runs, must wait, or could be joined by more in a moment. */
export function planRun(state: DriverState, at: number): Decision<DriverState> {
  const idle = { state, effects: [] };
  if (state.run !== undefined || state.stopping || !state.clusterReachable || at < state.engine.retryAt) {
    return idle;
  }
  const needs = Object.values(state.apps).flatMap((app) => {
    const kind = neededOperation(app, at);
    return kind === undefined ? [] : [{ app, kind }];
  });
  if (needs.length === 0) {
    return idle;
  }
  needs.sort((a, b) => PRIORITY[a.kind] - PRIORITY[b.kind] || (a.app.name < b.app.name ? -1 : 1));
  const batch = needs.slice(0, state.engine.failures > 0 ? 1 : state.settings.batchSize);
  return startRun(state, batch, at);
}

/** Whether live objects differ from what was deployed, as far as it was looked at since. */
export function hasDrift(app: AppState): boolean {
  return (
    app.observationNeeded === undefined &&
    (app.observation?.objects ?? []).some(({ state }) => state === 'drifted' || state === 'missing')
  );
}

/** When the next heal may start: at once for the first, later and later while someone else keeps changing the objects. */
export function healDueAt(app: AppState): number {
  return app.heal.attempts === 0 ? 0 : app.heal.lastAt + backoffMs(HEAL_BACKOFF, app.heal.attempts, 0.5);
}

function mayPrune(app: AppState): boolean {
  if (app.requested !== undefined) {
    return app.requested.prune || app.removal?.held === false;
  }
  return app.removal?.held === false && app.policy.automated && app.policy.prune;
}

function kindOfSync(app: AppState): OperationKind {
  if (app.rollingBack !== undefined) {
    return 'rollback';
  }
  const [now, next] = [app.synced?.images, app.target?.images];
  const sameRevision = app.synced?.revision === app.target?.revision;
  return now !== undefined && sameRevision && JSON.stringify(now) !== JSON.stringify(next) ? 'image' : 'sync';
}

type Need = { readonly app: AppState; readonly kind: OperationKind };

function startRun(state: DriverState, batch: readonly Need[], at: number): Decision<DriverState> {
  const run = state.nextRunId;
  const apps = { ...state.apps };
  for (const { app, kind } of batch) {
    const operation = {
      id: run,
      kind,
      startedAt: at,
      by: app.requested?.by ?? 'automated',
      ...(app.target === undefined ? {} : { target: app.target }),
    };
    const recent = at - app.heal.lastAt < HEAL_MEMORY_MS;
    const heal = kind === 'heal' ? { attempts: (recent ? app.heal.attempts : 0) + 1, lastAt: at } : app.heal;
    apps[app.name] = { ...app, operation, heal };
  }
  const names = batch.map(({ app }) => app.name);
  return {
    state: { ...state, apps, run: { id: run, apps: names }, nextRunId: run + 1 },
    effects: [runEffect(state, batch, run)],
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
    overrides: state.overrides,
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
