import type { Finding } from '../../app/checks/finding.js';
import { shortVersion } from '../../app/image.js';
import { formatDuration } from '../../base/duration.js';
import type { WindowState } from '../../app/sync-window.js';
import type { Health, ObjectObservation } from '../../cluster/port.js';
import { describeFight } from './drift.js';
import type { CommitInfo } from '../../sources/git/port.js';
import { followedBy } from './followed.js';
import { describePause, pauseOf } from './pause.js';
import { describePin } from './pin.js';
import { lossProblem } from './losses.js';
import { isUnderWay, isWhole, progressOf } from './progress.js';
import { describeWait } from './stage-results.js';
import { syncStatusOf, type SyncStatus } from './sync-status.js';
import { hasDrift, healDueAt, isShut, mayPrune } from './plan.js';
import type { AppState, BadImage, DriverState, OperationKind, Pause, Pin, PollState, Problem } from './state.js';
import { failureCodeOf } from './state.js';

/** One application as people see it. Holds no secret: objects are named, never shown. */
export interface AppStatus {
  readonly name: string;
  readonly namespace: string;
  readonly sync: SyncStatus;
  readonly health: Health;
  readonly automated: boolean;
  /** Nothing of it is written, by a person's order. */
  readonly paused?: Pause;
  /** It stays at something earlier, by a person's order. */
  /** What its sync windows say; absent when it has none. */
  readonly window?: Pick<WindowState, 'open' | 'opensAt'>;
  /** Applications that it waits for before it gets something new. */
  readonly waitsFor?: readonly string[];
  readonly pinned?: Omit<Pin, 'kept'> & { readonly revision?: string };
  /** The revision whose objects are deployed. */
  readonly revision?: string;
  /** The versions in force (tag, digest or both) of the images that the application follows. */
  readonly images: Readonly<Record<string, string>>;
  readonly operation?: { readonly kind: OperationKind; readonly startedAt: number };
  /** A sync was asked for and has not begun, or one in stages goes on: more of it is still to come, or its hooks run. */
  readonly underWay?: boolean;
  /** Why it is not as it should be, in one line. */
  readonly message?: string;
  readonly problems: readonly Problem[];
  /** Objects that are not as they should be. */
  readonly differences: readonly ObjectObservation[];
  readonly badImages: readonly BadImage[];
  /** When the daemon tries again by itself; milliseconds since the epoch. */
  readonly retryAt?: number;
}

/** How a source does. */
export interface SourceStatus {
  readonly name: string;
  readonly nextPollAt: number;
  readonly lastSuccessAt?: number;
  readonly problem?: Problem;
}

/** Everything that the daemon tells about itself. */
export interface DriverStatus {
  readonly revision?: CommitInfo;
  readonly rejected?: { readonly commit: string; readonly problem: Problem };
  readonly clusterReachable: boolean;
  /** Nothing at all is written, by a person's order. */
  readonly paused?: Pause;
  readonly engineProblem?: Problem;
  readonly sources: readonly SourceStatus[];
  readonly apps: readonly AppStatus[];
  /** What checks found in the revision: errors refused an application, warnings are for people. */
  readonly findings: readonly Finding[];
}

/** The one place where status is derived. */
export function summarize(state: DriverState): DriverStatus {
  const { revision, rejected, engine } = state;
  return {
    ...(revision && { revision }),
    ...(rejected && { rejected: { commit: rejected.commit, problem: rejected.problem } }),
    clusterReachable: state.clusterReachable,
    ...(state.paused && { paused: state.paused }),
    ...(engine.problem && { engineProblem: engine.problem }),
    sources: [sourceStatus('git', state.git), ...registrySources(state)],
    apps: Object.values(state.apps)
      .map((app) => summarizeApp(state, app))
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
    findings: state.findings ?? [],
  };
}

function summarizeApp(state: DriverState, app: AppState): AppStatus {
  const sync = syncStatusOf(state, app);
  const problems = problemsOf(state, app);
  const pause = pauseOf(state, app);
  const held = pause === undefined ? heldMessage(state, app, sync) : describePause(pause);
  const message = held ?? messageOfApp(app, problems);
  const heals = hasDrift(app) && app.policy.automated && app.policy.selfHeal;
  const retryAt = Math.max(app.retryAt, heals ? healDueAt(app) : 0, opensAtIfNeeded(app, sync));
  return {
    name: app.name,
    namespace: app.definition?.namespace ?? '',
    sync,
    health: healthOfApp(app),
    automated: app.policy.automated,
    ...(pause && { paused: pause }),
    ...(app.pin && { pinned: pinStatus(app.pin) }),
    ...(app.window && { window: windowStatus(app.window) }),
    ...(app.waitsFor && { waitsFor: app.waitsFor }),
    ...(app.synced && { revision: app.synced.revision }),
    images: app.target?.images ?? {},
    ...(app.operation && { operation: { kind: app.operation.kind, startedAt: app.operation.startedAt } }),
    ...((app.requested !== undefined || isUnderWay(app)) && { underWay: true }),
    ...(message !== undefined && { message }),
    problems,
    differences: (app.observation?.objects ?? []).filter(({ state, hook }) => state !== 'synced' && !hook),
    badImages: app.badImages,
    ...(retryAt > 0 && { retryAt }),
  };
}

function windowStatus({ open, opensAt }: WindowState): Pick<WindowState, 'open' | 'opensAt'> {
  return opensAt === undefined ? { open } : { open, opensAt };
}

function pinStatus({ kept, ...pin }: Pin): AppStatus['pinned'] & {} {
  return kept === undefined ? pin : { ...pin, revision: kept.revision };
}

function healthOfApp(app: AppState): Health {
  const health = app.observation?.health ?? { status: app.synced === undefined ? 'Missing' : 'Unknown' };
  const rollsOut = app.operation !== undefined || app.observationNeeded !== undefined;
  const progress = progressOf(app);
  /** What is missing of an application in the middle of its waves comes with a later one. */
  const isHalfway = progress !== undefined && !isWhole(progress) && health.status === 'Missing';
  return isHalfway || (rollsOut && health.status === 'Healthy') ? { status: 'Progressing' } : health;
}

function problemsOf(state: DriverState, app: AppState): Problem[] {
  const registry = followedBy(app).flatMap(({ key, policy }) => {
    const problems = [state.registry[key]?.problem, app.imageProblems?.[policy.image]];
    return problems.filter((problem) => problem !== undefined);
  });
  const synth: Problem[] =
    app.synthFailure === undefined
      ? []
      : [
          {
            code: failureCodeOf(app.synthFailure),
            message: [app.synthFailure.location, app.synthFailure.message].filter(Boolean).join(': '),
          },
        ];
  const hook = progressOf(app)?.failed;
  const loss = lossProblem(app);
  const own = [app.problem, hook, loss?.message === app.problem?.message ? undefined : loss];
  return [...synth, ...own.filter((problem) => problem !== undefined), ...registry];
}

/** Why nothing is done about an application that is not as it should be. */
function heldMessage(state: DriverState, app: AppState, sync: SyncStatus): string | undefined {
  if (sync !== 'OutOfSync' || app.operation !== undefined || app.removal !== undefined) {
    return undefined;
  }
  const wait = describeWait(app);
  if (wait !== undefined) {
    return wait;
  }
  if (app.policy.automated && isShut(app)) {
    return 'waits for its sync window';
  }
  return (
    app.waitsFor &&
    `waits until they are Synced and Healthy: ${app.waitsFor.map((name) => nowOf(state, name)).join(', ')}`
  );
}

function nowOf(state: DriverState, name: string): string {
  const app = state.apps[name];
  return app === undefined ? name : `${name} (${syncStatusOf(state, app)}, ${healthOfApp(app).status})`;
}

function messageOfApp(app: AppState, problems: readonly Problem[]): string | undefined {
  if (app.removal !== undefined) {
    const why = app.removal.reason === 'disabled' ? 'switched off in Git' : 'no longer in Git';
    const wait = !mayPrune(app, app.requested) ? `; prune it with: prodesk sync ${app.name} --prune` : '';
    return `${why}${wait}`;
  }
  const bad = app.badImages.at(-1);
  const current = bad === undefined ? undefined : app.target?.images[bad.image];
  if (problems.length > 0) {
    return problems[0]?.message;
  }
  const fight = fightMessage(app);
  if (fight !== undefined) {
    return fight;
  }
  if (app.observation?.health.message !== undefined) {
    return app.observation.health.message;
  }
  if (app.pin !== undefined) {
    return describePin(app);
  }
  return bad !== undefined && current === bad.restored
    ? `rolled back from ${shortVersion(bad.tag)} (${bad.reason}) to ${shortVersion(current)}`
    : undefined;
}

/** With whom it fights over live objects, from the second repair on. */
function fightMessage(app: AppState): string | undefined {
  const { attempts, lastAt, since = lastAt } = app.heal;
  if (attempts < 2 || !hasDrift(app)) {
    return undefined;
  }
  return `${describeFight(app.observation) ?? ''} (${attempts} times in ${formatDuration(lastAt - since)})`;
}

function opensAtIfNeeded({ window, policy }: AppState, sync: SyncStatus): number {
  return sync === 'OutOfSync' && policy.automated && window?.open === false ? (window.opensAt ?? 0) : 0;
}

function registrySources(state: DriverState): SourceStatus[] {
  return Object.entries(state.registry).map(([key, poll]) => sourceStatus(`registry ${key}`, poll));
}

function sourceStatus(name: string, { nextAt, lastSuccessAt, problem }: PollState): SourceStatus {
  return {
    name,
    nextPollAt: nextAt,
    ...(lastSuccessAt !== undefined && { lastSuccessAt }),
    ...(problem && { problem }),
  };
}
