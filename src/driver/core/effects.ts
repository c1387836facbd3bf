import type { ImageOverrides } from '../../app/desired-state.js';
import type { StackDeployment } from '../../app/deployment.js';
import type { ImagePolicy } from '../../app/image-policy.js';
import type { OperationKind } from './state.js';

/** What an operation did to one object. Named, never shown. */
export interface ObjectChange {
  /** Such as `Deployment prodesk/naver-news`. */
  readonly object: string;
  readonly operation: 'create' | 'update' | 'replace' | 'delete';
  /** JSON pointers of what differed. */
  readonly fields: readonly string[];
}

/** What happened to an application, as history keeps it. */
export interface HistoryEntry {
  readonly at: number;
  readonly app: string;
  readonly kind: OperationKind;
  readonly outcome: 'succeeded' | 'failed' | 'healthy' | 'degraded';
  readonly revision?: string;
  readonly images: Readonly<Record<string, string>>;
  readonly by: string;
  /** Why it was done. */
  readonly reason?: string;
  readonly message?: string;
  readonly changes?: readonly ObjectChange[];
  /** From the start of the operation to this entry, in milliseconds. */
  readonly durationMs?: number;
}

/** What a person can do. */
export type AuditAction =
  'sync' | 'sync --prune' | 'retry-images' | 'refresh' | 'pause' | 'resume' | 'rollback' | 'unpin';

/** What a person did, or tried to do. */
export interface AuditEntry {
  readonly at: number;
  /** Who it was, as told by the client. */
  readonly by: string;
  readonly action: AuditAction;
  /** Absent when it concerned all applications. */
  readonly app?: string;
  readonly reason?: string;
  readonly detail?: string;
  /** Why nothing came of it. */
  readonly refused?: string;
}

/** An application that follows an image. */
export interface Follower {
  readonly app: string;
  readonly policy: ImagePolicy;
}

/** Where a login is. */
export type LoginReference =
  | {
      readonly kind: 'secret';
      readonly namespace: string;
      readonly name: string;
      /** It is not in the namespace of the application that names it. */
      readonly isForeign: boolean;
    }
  /** A secret value of the stack configuration, without `prodesk:`. */
  | { readonly kind: 'config'; readonly key: string };

/** What a decision wants done. Each effect but `record`, `audit`, `watch` and `forget` ends as exactly one event; a `watch` that fails ends as `lookFailed`. */
export type Effect =
  | { readonly type: 'pollGit' }
  | { readonly type: 'synthesize'; readonly commit: string }
  /** Get what an earlier commit has of an application. */
  | { readonly type: 'recall'; readonly app: string; readonly revision: string }
  | {
      /** Ask a registry once for all that follow the same image in the same way. */
      readonly type: 'listBuilds';
      readonly poll: string;
      readonly followers: readonly Follower[];
      /** @default - the daemon's own login, if any */
      readonly login?: LoginReference;
    }
  | {
      /** Saves the overrides, then runs the engine. */
      readonly type: 'run';
      readonly run: number;
      readonly deployment: StackDeployment;
      readonly remove: readonly string[];
      readonly repair: readonly string[];
      readonly overrides: ImageOverrides;
    }
  /** Compare the application's live objects with its target from now on. */
  | { readonly type: 'watch'; readonly app: string }
  | { readonly type: 'forget'; readonly app: string }
  /** Look at the application's live objects now; ends as a fresh `observed`, or as `lookFailed`. */
  | { readonly type: 'refresh'; readonly app: string }
  | { readonly type: 'record'; readonly entry: HistoryEntry }
  | { readonly type: 'audit'; readonly entry: AuditEntry };

/** A new state and what is to be done. */
export interface Decision<S> {
  readonly state: S;
  readonly effects: readonly Effect[];
}
