import type { Finding } from '../../app/checks/finding.js';
import type { DesiredApp, ImageOverrides, SynthFailure } from '../../app/desired-state.js';
import type { ObjectKey } from '../../app/manifest.js';
import type { Dependencies } from '../../app/dependency-graph.js';
import type { SyncPolicy } from '../../app/sync-policy.js';
import type { Stage } from '../../app/stages.js';
import type { WindowState } from '../../app/sync-window.js';
import type { ErrorCode } from '../../base/errors.js';
import type { AppObservation } from '../../cluster/port.js';
import type { CommitInfo } from '../../sources/git/port.js';

/** A failure as the state remembers it: text without credentials. */
export interface Problem {
  readonly code: ErrorCode;
  readonly message: string;
}

/** When a source is asked next, and how it went. Times are milliseconds since the epoch. */
export interface PollState {
  readonly inFlight: boolean;
  readonly nextAt: number;
  /** Failures in a row. */
  readonly failures: number;
  readonly lastSuccessAt?: number;
  readonly problem?: Problem;
  /** The other side asked not to be asked before; a person's request does not shorten it. */
  readonly notBefore?: number;
  /** Somebody asked for a poll while one was under way, which may have come too early. */
  readonly again?: true;
}

/** What an application should be: one revision's objects with the image tags in force. */
export interface AppTarget {
  readonly revision: string;
  /** Image name to version (tag, digest or both), for the images with a policy. */
  readonly images: Readonly<Record<string, string>>;
  /** Hash of the objects and of the secrets they use. */
  readonly fingerprint: string;
  /** Hash of the objects alone, as the stack's outputs show it. */
  readonly objectsFingerprint: string;
}

/** A target that was reached, and when. */
export interface ReachedTarget extends AppTarget {
  readonly at: number;
}

/** Why an operation runs. */
export type OperationKind = 'sync' | 'image' | 'rollback' | 'heal' | 'prune';

/** A person's order to write nothing for a while. What is paused is still observed and reported. */
export interface Pause {
  readonly by: string;
  readonly at: number;
  /** When it ends by itself. @default - when a person says so */
  readonly until?: number;
  readonly reason?: string;
}

/** What a commit wants of one application. */
export interface AppSource {
  readonly definition: DesiredApp;
  readonly revision: string;
  /** A keyed hash of the secret values that it uses; empty text when it uses none. */
  readonly secretDigest: string;
}

/** A person's order that an application stays at something earlier. */
export interface Pin {
  readonly by: string;
  readonly at: number;
  readonly reason?: string;
  /** The versions at which followed images stay. */
  readonly images: Readonly<Record<string, string>>;
  /** The versions that these images would have otherwise. Empty text: that of the code. */
  readonly newer: Readonly<Record<string, string>>;
  /** The commit's definition that stays in force although Git is newer. */
  readonly kept?: AppSource;
}

/** How a person wants an application rolled back. */
export interface RollbackWish {
  readonly by: string;
  readonly at: number;
  readonly reason?: string;
  /** Delete objects that the earlier state does not have, however many. */
  readonly prune: boolean;
  readonly images: Readonly<Record<string, string>>;
}

/** An operation of an application that the engine carries out now. */
export interface Operation {
  readonly id: number;
  readonly kind: OperationKind;
  readonly startedAt: number;
  readonly by: string;
  /** Why it runs, for history. */
  readonly reason?: string;
  /** What it brings about; absent for a prune. */
  readonly target?: AppTarget;
  /** The request that it carries out. */
  readonly requested?: SyncRequest;
  /** The stage that it applies. @default - all at once */
  readonly stage?: Stage;
  /** The objects of which those that are not in a later definition are deleted. */
  readonly objects?: readonly ObjectKey[];
}

/** A sync that applies an application stage by stage: what it applies, and how far it came. */
export interface StageProgress {
  readonly definition: DesiredApp;
  readonly target: AppTarget;
  /** The stage that is or was applied last. */
  readonly stage: Stage;
  /** That run ended well, and what it applied is awaited. */
  readonly applied: boolean;
  readonly kind: OperationKind;
  readonly startedAt: number;
  readonly by: string;
  /** Set when a hook of the stage failed: a person, or another target, has to come. */
  readonly failed?: Problem;
}

/** A person's wish that an application is synced now, in spite of policy, back-off and guards. */
export interface SyncRequest {
  readonly by: string;
  /** Delete the objects of an application that left Git. */
  readonly prune: boolean;
}

/** A rollout whose end is awaited: it ends Healthy, or is rolled back. */
export interface Rollout {
  readonly startedAt: number;
  readonly kind: OperationKind;
  /** When pods were first seen to fail. A container that crashes again and again is up in between, so this stays. */
  readonly failingSince?: number;
}

/** An image build that was rolled back; it is not taken again by itself. */
export interface BadImage {
  readonly image: string;
  /** The version (tag, digest or both) that failed. */
  readonly tag: string;
  /** The version that took its place. */
  readonly restored: string;
  readonly reason: string;
  readonly at: number;
}

/** What the registry said about an image's choice; kept so that the choice never goes back by itself. */
export interface SelectedBuild {
  readonly tag: string;
  readonly digest?: string;
  readonly createdAt?: number;
}

/** How often an application's live objects were put right in a row. */
export interface HealState {
  readonly attempts: number;
  readonly lastAt: number;
  /** When the first of these was. */
  readonly since?: number;
}

/** Everything known of one application. */
export interface AppState {
  readonly name: string;
  /** The definition in force; the last good one when the newest revision fails to synthesize it. */
  readonly definition?: DesiredApp;
  /** The revision of {@link AppState.definition}. */
  readonly definitionRevision?: string;
  readonly policy: SyncPolicy;
  /** What Git wants of it: in force unless something else is pinned. Absent when Git does not want it. */
  readonly git?: AppSource;
  readonly pin?: Pin;
  /** A rollback that waits for the definition of an earlier commit. */
  readonly recall?: RollbackWish & { readonly revision: string };
  /** Absent when the application is no longer wanted. */
  readonly target?: AppTarget;
  /** Set when Git no longer wants the application and its objects are still there. */
  readonly removal?: { readonly reason: 'removed' | 'disabled'; readonly held: boolean };
  readonly synced?: ReachedTarget;
  readonly lastHealthy?: ReachedTarget;
  /**
   * The objects' fingerprint of an operation that began and is not known to have succeeded. The stack's outputs may show it although
   * objects are missing, and objects may be in the cluster although nothing was synced.
   */
  readonly attempted?: string;
  readonly operation?: Operation;
  /** Set while a sync in stages is under way; it is that of an earlier target when another one came meanwhile. */
  readonly progress?: StageProgress;
  /** The objects that were applied, and that a sync deletes once they have left the application. */
  readonly deployed?: readonly ObjectKey[];
  /** Set when the definition in force would delete so many of them that a person has to say so. */
  readonly loss?: { readonly removed: number; readonly of: number };
  readonly rollout?: Rollout;
  readonly observation?: AppObservation;
  /** From the end of an operation until its objects were looked at again. */
  readonly observationNeeded?: 'due' | 'asked';
  /** A look that was asked for and has not ended: it may show how things were before the last operation. */
  readonly looking?: true;
  /** After a look that failed: not again before this time. */
  readonly lookAt?: number;
  /** The next operation is a rollback, for this reason. */
  readonly rollingBack?: string;
  /** The fingerprint that the cluster observer compares with. */
  readonly watched?: string;
  readonly badImages: readonly BadImage[];
  readonly selected: Readonly<Record<string, SelectedBuild>>;
  /** Why nothing, or nothing better, of an image is taken. */
  readonly imageProblems?: Readonly<Record<string, Problem>>;
  /** Images whose registry was not yet heard before the first sync; the sync waits for them until the given time. */
  readonly awaitsImagesUntil?: number;
  /** Set by a person, until an operation carries it out. */
  readonly requested?: SyncRequest;
  readonly paused?: Pause;
  /** What its sync windows say; absent without any, and until they are looked at. */
  readonly window?: WindowState;
  /** Applications that are to be Synced and Healthy before it gets something new, and are not. */
  readonly waitsFor?: readonly string[];
  readonly attempts: number;
  readonly retryAt: number;
  readonly problem?: Problem;
  readonly heal: HealState;
  readonly synthFailure?: SynthFailure & { readonly revision: string };
}

/** The durations and limits that decisions depend on; milliseconds. */
export interface DriverSettings {
  readonly gitIntervalMs: number;
  readonly registryIntervalMs: number;
  /** How long pods of a rollout may fail before it is rolled back. */
  readonly rolloutGraceMs: number;
  /** How long a new application's first sync waits for its registry before it takes the tag in the code. */
  readonly firstImageWaitMs: number;
  /** The share of applications that one commit may remove without confirmation, 0 to 1. */
  readonly pruneLimit: number;
  /** The share of its objects that an application may lose by one sync without confirmation, 0 to 1. */
  readonly objectPruneLimit: number;
  /** The most applications that one engine run updates. */
  readonly batchSize: number;
}

/** The dependencies between applications that count: on known ones, and without circles. */
export interface DependencyIndex {
  readonly of: Dependencies;
  /** The other way round: who waits for each. */
  readonly by: Dependencies;
}

/** The whole state of the daemon. A value: decisions return a new one. */
export interface DriverState {
  readonly settings: DriverSettings;
  readonly git: PollState & {
    readonly head?: string;
    /** Somebody asked for a poll: the head is synthesized even when it is known, because settings or secrets may have changed. */
    readonly retake?: true;
  };
  /** The commit in force. */
  readonly revision?: CommitInfo;
  /** What checks found in the commit in force. */
  readonly findings?: readonly Finding[];
  /** The commit being synthesized. */
  readonly synthesizing?: string;
  /** The newest commit, when it could not be taken. */
  readonly rejected?: {
    readonly commit: string;
    readonly problem: Problem;
    /** Set when the cause may pass. */
    readonly retryAt?: number;
    /** Attempts in a row that this commit failed. */
    readonly failures: number;
  };
  readonly registry: Readonly<Record<string, PollState>>;
  readonly overrides: ImageOverrides;
  readonly apps: Readonly<Record<string, AppState>>;
  /** The engine's run in progress. */
  readonly run?: { readonly id: number; readonly apps: readonly string[] };
  readonly nextRunId: number;
  /** After an engine failure that no application could be blamed for: no run before this time, and one application a run. */
  readonly engine: { readonly failures: number; readonly retryAt: number; readonly problem?: Problem };
  /** Who waits for whom. */
  readonly dependencies: DependencyIndex;
  readonly clusterReachable: boolean;
  /** Nothing at all is written. */
  readonly paused?: Pause;
  readonly stopping: boolean;
}

/** What a restart brings back of one application. */
export interface RememberedApp {
  readonly synced?: ReachedTarget;
  readonly lastHealthy?: ReachedTarget;
  readonly badImages: readonly BadImage[];
  readonly selected: Readonly<Record<string, SelectedBuild>>;
  readonly policy: SyncPolicy;
  readonly attempted?: string;
  readonly progress?: StageProgress;
  readonly deployed?: readonly ObjectKey[];
  /** Git removed the application, and a person has not yet said that its objects may go. */
  readonly removalHeld?: true;
  readonly paused?: Pause;
  readonly pin?: Pin;
}

/** Everything that a restart brings back. */
export interface Memory {
  readonly apps: Readonly<Record<string, RememberedApp>>;
  readonly paused?: Pause;
}

/** Not the fingerprint of any objects: what is deployed differs from every target. */
export const UNFINISHED = 'unfinished';

const IDLE_POLL: PollState = { inFlight: false, nextAt: 0, failures: 0 };

/** The state before the first event. */
export function initialState(settings: DriverSettings): DriverState {
  return {
    settings,
    git: IDLE_POLL,
    registry: {},
    overrides: {},
    apps: {},
    nextRunId: 1,
    engine: { failures: 0, retryAt: 0 },
    dependencies: { of: {}, by: {} },
    clusterReachable: true,
    stopping: false,
  };
}

/** An application that was never seen before. */
export function newAppState(name: string, policy: SyncPolicy): AppState {
  return {
    name,
    policy,
    badImages: [],
    selected: {},
    attempts: 0,
    retryAt: 0,
    heal: { attempts: 0, lastAt: 0 },
  };
}

/** What happened to an application that has no definition in a revision. */
export function failureCodeOf({ refused }: SynthFailure): ErrorCode {
  return refused === true ? 'synth/refused' : 'synth/threw';
}

/** The poll state of a source, idle when it was never asked. */
export function pollOf(polls: Readonly<Record<string, PollState>>, source: string): PollState {
  return polls[source] ?? IDLE_POLL;
}

/** The state with these applications changed. */
export function withApps(state: DriverState, changed: readonly AppState[]): DriverState {
  if (changed.length === 0) {
    return state;
  }
  const apps = { ...state.apps };
  for (const app of changed) {
    apps[app.name] = app;
  }
  return { ...state, apps };
}

/** The state with one application changed. */
export function withApp(state: DriverState, name: string, change: (app: AppState) => AppState): DriverState {
  const app = state.apps[name];
  return app === undefined ? state : { ...state, apps: { ...state.apps, [name]: change(app) } };
}

/** The value without the given optional keys: `exactOptionalPropertyTypes` has no `undefined`. */
export function without<T extends object, K extends keyof T>(value: T, ...keys: readonly K[]): Omit<T, K> {
  return Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key as K))) as Omit<T, K>;
}
