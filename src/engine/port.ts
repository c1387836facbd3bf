import type { StackDeployment, StackOutputs } from '../app/deployment.js';
import type { ImageOverrides, StackSettings } from '../app/desired-state.js';

/** What one run of the engine is to do. */
export interface UpdateRequest extends StackDeployment {
  /** Applications whose resources are to be deleted; kept objects stay in the cluster. */
  readonly remove: readonly string[];
  /**
   * `targeted` touches the resources of the listed applications only; the program registers nothing else.
   * `whole` registers every application of the stack: what is not listed is deleted.
   */
  readonly scope: 'targeted' | 'whole';
  /** Adopt objects that are in the cluster but not in the state, instead of failing. */
  readonly adopt: boolean;
  /**
   * Applications to repair: their resources are refreshed in the state before the update, so that
   * deleted or changed live objects are written again although the program did not change.
   */
  readonly repair: readonly string[];
}

/** What happened to one resource. */
export interface ResourceChange {
  readonly urn: string;
  readonly operation: 'create' | 'update' | 'replace' | 'delete' | 'same' | 'other';
  /** JSON pointers of what differs; never values. */
  readonly diff: readonly string[];
}

/** One resource's failure; the others went on. */
export interface ResourceFailure {
  /** Absent when the failure is not about one resource. */
  readonly urn?: string;
  /** The application, where the resource belongs to one. */
  readonly app?: string;
  readonly message: string;
}

/** An object that was to be deleted, and was not: its name belongs to another one by now. The state does not know it any more. */
export interface SparedObject {
  readonly urn: string;
  readonly app: string;
  /** Such as `its label prodesk.dev/app is gone`. */
  readonly reason: string;
}

/** The outcome of one run. With failures, the rest of the update was still carried out. */
export interface UpdateResult {
  readonly changes: readonly ResourceChange[];
  readonly failures: readonly ResourceFailure[];
  /** @default - none */
  readonly spared?: readonly SparedObject[];
  readonly durationMs: number;
}

/** Options of each engine call. */
export interface EngineCallOptions {
  /** Aborting asks the engine to stop, then kills it after a grace period. */
  readonly signal?: AbortSignal;
}

/** The Pulumi engine, as far as this project needs it. One call at a time per stack; calls queue. */
export interface Engine {
  /**
   * Brings the listed applications to their desired state.
   * @throws TransientError `engine/busy` (another live process holds the stack's lock), `cluster/unreachable`, `engine/crashed`,
   * `engine/state-lost`
   * @throws StalledError `engine/failed`, `engine/passphrase`, `config/missing`
   * @throws CancelledError when the signal fired
   */
  update(request: UpdateRequest, options?: EngineCallOptions): Promise<UpdateResult>;
  /** Starts what a run that is likely to come needs, so that it begins a second sooner. A failure shows in that run. */
  warm(): void;
  /** What {@link Engine.update} would do, without doing it. */
  preview(request: UpdateRequest, options?: EngineCallOptions): Promise<UpdateResult>;
  /** The outputs of the last update; empty ones for a new stack. */
  outputs(options?: EngineCallOptions): Promise<StackOutputs>;
  /** The URNs of everything that the stack's state has. */
  resources(options?: EngineCallOptions): Promise<readonly string[]>;
  /**
   * Makes a stack usable after a crash: breaks the lock of a dead process of this machine, resolves pending operations.
   * Called at start and after `engine/busy`, `engine/crashed` or `engine/state-lost`. A lock whose owner lives is left alone.
   */
  recover(options?: EngineCallOptions): Promise<void>;
  /** Ends helper processes. Further calls start them again. */
  close(): Promise<void>;
}

/** The project and stack settings files of one commit. */
export interface ProjectFiles {
  /** The text of `Pulumi.yaml`. */
  readonly project: string;
  /** The text of `Pulumi.<stack>.yaml`; absent when the commit has none. */
  readonly stack?: string;
}

/** The folder in which the engine runs: `Pulumi.yaml`, `Pulumi.<stack>.yaml` and nothing else. Image overrides live in the latter, never in Git. */
export interface Workspace {
  /**
   * Takes over the settings of a commit. Image overrides and values that only this machine has are kept.
   * @throws ConfigError `config/invalid` naming the file and key; the files stay as they were
   */
  useProject(files: ProjectFiles): Promise<void>;
  /** The plain settings and the names of the secret ones. */
  settings(): Promise<StackSettings>;
  /** The decrypted secret values by key, without the `prodesk:` prefix. Cached until the settings change. */
  secrets(): Promise<Readonly<Record<string, string>>>;
  overrides(): Promise<ImageOverrides>;
  /** Replaces the overrides; on disk (fsync and rename) when the promise resolves. */
  setOverrides(overrides: ImageOverrides): Promise<void>;
}
