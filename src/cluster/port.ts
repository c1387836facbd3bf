import type { IgnoreRule } from '../app/ignore-differences.js';
import type { Manifest, ObjectRef } from '../app/manifest.js';
import type { HookPhase, Stage } from '../app/stages.js';

/** Health as Argo CD names it. */
export type HealthStatus = 'Healthy' | 'Progressing' | 'Degraded' | 'Suspended' | 'Missing' | 'Unknown';

/** The health of one object or application. */
export interface Health {
  readonly status: HealthStatus;
  /** Why, for people; absent when there is nothing to say. */
  readonly message?: string;
  /**
   * Set when pods of the current rollout fail in a way that waiting rarely mends
   * (ImagePullBackOff, ErrImagePull, InvalidImageName, CrashLoopBackOff, CreateContainerConfigError, ...), or the rollout exceeded its deadline.
   * The reason, such as `ImagePullBackOff`.
   */
  readonly failing?: string;
}

/** One desired object beside its live counterpart. */
export interface ObjectObservation {
  readonly ref: ObjectRef;
  /** `unknown` until it was first looked at, and while the cluster cannot be reached. */
  readonly state: 'synced' | 'drifted' | 'missing' | 'unknown';
  /** JSON pointers of fields that differ from what we want; never values. */
  readonly drift: readonly string[];
  readonly health: Health;
  /** JSON pointers of fields that differ because others wrote them who may. @default - none */
  readonly ignored?: readonly string[];
  /** Who wrote the differing fields last, by field manager, where the API server tells. */
  readonly driftManager?: string;
  /** When it is applied. @default - in wave 0 */
  readonly stage?: Stage;
  /** It is a hook: it comes and goes, is no drift, and says nothing of the application's health. */
  readonly hook?: HookPhase;
  /** Why the state is unknown, such as a kind that the API server does not have. */
  readonly problem?: string;
}

/** What is known of one application's live objects. */
export interface AppObservation {
  readonly objects: readonly ObjectObservation[];
  /** The worst health of the objects that are no hooks. */
  readonly health: Health;
}

/** A live object that carries the application label. */
export interface LabelledObject {
  readonly app: string;
  readonly ref: ObjectRef;
  /** It was to stay in the cluster when it left Git. */
  readonly isKept: boolean;
}

/** What {@link LabelFinder} found. */
export interface LabelledObjects {
  readonly objects: readonly LabelledObject[];
  /** Kinds that could not be listed, because the daemon may not. */
  readonly unseen: readonly string[];
}

/** Finds what this project applied, whatever any state says. */
export interface LabelFinder {
  /** @throws TransientError `cluster/unreachable` */
  findLabelled(signal?: AbortSignal): Promise<LabelledObjects>;
}

/** What a Lease says. Times are milliseconds since the epoch, by the clock of whoever wrote them. */
export interface LeaseRecord {
  /** Who holds it; empty when nobody does. */
  readonly holder: string;
  readonly durationMs: number;
  readonly acquiredAt: number;
  readonly renewedAt: number;
  /** How often it changed hands. */
  readonly transitions: number;
  /** Changes with each write; absent for one that is not there yet. */
  readonly version?: string;
}

/** A Lease that several processes read and write. Throws as the API server's refusal is classified. */
export interface LeaseLock {
  /** The record; undefined when there is none. */
  read(signal?: AbortSignal): Promise<LeaseRecord | undefined>;
  /** Replaces the version that the record names, or creates it; undefined when somebody else wrote meanwhile. */
  write(record: LeaseRecord, signal?: AbortSignal): Promise<LeaseRecord | undefined>;
}

/** Reads Secrets by name. */
export interface SecretReader {
  /**
   * The values of a Secret as text; undefined when it is not there.
   * @throws as the API server's refusal is classified: `cluster/unreachable`, `cluster/denied`
   */
  readSecret(
    namespace: string,
    name: string,
    signal?: AbortSignal,
  ): Promise<Readonly<Record<string, string>> | undefined>;
}

/** Sees the live objects of applications, by watches. Reports drift and health; changes nothing. */
export interface ClusterObserver {
  /** Starts the watches. `onChange` is called with an application's name after its observation changed; calls are coalesced. */
  start(onChange: (app: string) => void): Promise<void>;
  /**
   * Sets what an application's live objects are compared with: complete objects as they are applied, with tracking metadata and secret values.
   * Objects that were set before and are no longer there are forgotten. Differences that the rules allow are not reported as drift.
   */
  setDesired(app: string, objects: readonly Manifest[], rules?: readonly IgnoreRule[]): void;
  forget(app: string): void;
  /** The latest observation. */
  observe(app: string): AppObservation;
  /** Reads the application's objects now, instead of waiting for their watch events, then compares. */
  refresh(app: string, signal?: AbortSignal): Promise<AppObservation>;
  /** Whether the API server answers at present, and since when it does not (milliseconds since the epoch). */
  connection(): { readonly reachable: boolean; readonly since: number; readonly message?: string };
  stop(): Promise<void>;
}
