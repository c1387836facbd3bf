import type { DesiredState } from '../../app/desired-state.js';
import type { SyncPolicy } from '../../app/sync-policy.js';
import { mayPrune } from './plan.js';
import { judgeRemoval } from './prune-guard.js';
import type { AppState, Problem, SyncRequest } from './state.js';
import { without } from './state.js';

/** The policy of an application whose own is not known: whatever happens to it, a person says so. */
export const NOTHING_BY_ITSELF: SyncPolicy = {
  automated: false,
  prune: false,
  selfHeal: false,
  createNamespace: false,
};

/** What {@link removeApps} judges by. */
export interface RemovalFacts {
  /** How many applications Git wanted before the commit. */
  readonly wanted: number;
  readonly desired: DesiredState;
  /** The share of applications that one commit may remove without confirmation. */
  readonly limit: number;
}

/** Whether objects of an application may be in the cluster. */
export function hasObjects({ synced, attempted, operation }: AppState): boolean {
  return synced !== undefined || attempted !== undefined || operation !== undefined;
}

/** Applications that left Git, each as it is from now on: undefined when nothing of it is in the cluster. */
export function removeApps(
  gone: readonly AppState[],
  { wanted, desired, limit }: RemovalFacts,
): (readonly [AppState, AppState | undefined])[] {
  const disabled = new Set(desired.disabled);
  const unexpected = gone.filter((app) => !disabled.has(app.name) && app.removal === undefined && hasObjects(app));
  const judgement = judgeRemoval(wanted, unexpected.length, limit);
  return gone.map((app) => {
    if (!hasObjects(app)) {
      return [app, undefined];
    }
    if (disabled.has(app.name)) {
      return [app, removed(app, { reason: 'disabled', held: false })];
    }
    const isNew = app.removal === undefined;
    const held = isNew ? judgement.held || app.pin !== undefined : app.removal.held;
    return [app, removed(app, { reason: 'removed', held }, isNew ? judgement.reason : undefined)];
  });
}

/** What a person is told who asks for an application that left Git, without saying that its objects may go. */
export function needsConfirmation(app: Pick<AppState, 'name' | 'removal'>, why?: string): Problem {
  const reason = app.removal?.reason === 'disabled' ? 'is switched off in Git' : 'is no longer in Git';
  const cause = why === undefined ? '' : ` (${why})`;
  return {
    code: 'prune/needs-confirmation',
    message: `${app.name} ${reason}${cause}; delete its objects with: prodesk sync ${app.name} --prune`,
  };
}

function removed(app: AppState, removal: NonNullable<AppState['removal']>, why?: string): AppState {
  const { problem, requested, ...rest } = without(
    app,
    'definition',
    'definitionRevision',
    'git',
    'pin',
    'recall',
    'target',
    'loss',
    'rollout',
    'rollingBack',
    'synthFailure',
    'awaitsImagesUntil',
  );
  const next = { ...rest, removal, attempts: 0, retryAt: 0 };
  return {
    ...next,
    ...(removal.held && {
      problem: why === undefined ? (problem ?? needsConfirmation(next)) : needsConfirmation(next, why),
    }),
    ...settleRequest(next, requested),
  };
}

function settleRequest(app: AppState, requested: SyncRequest | undefined): Partial<AppState> {
  if (requested === undefined) {
    return {};
  }
  return mayPrune(app, requested) ? { requested } : { problem: needsConfirmation(app) };
}
