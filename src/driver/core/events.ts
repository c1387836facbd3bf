import type { DesiredState, ImageOverrides } from '../../app/desired-state.js';
import type { StackOutputs } from '../../app/deployment.js';
import type { AppObservation } from '../../cluster/port.js';
import type { CommitInfo } from '../../sources/git/port.js';
import type { ImageBuild } from '../../sources/registry/port.js';
import type { Follower, ObjectChange } from './effects.js';
import type { AppSource, Memory, Problem } from './state.js';

/** When an event happened (milliseconds since the epoch), and a random number in [0, 1) for jitter. */
interface Stamp {
  readonly at: number;
  readonly random: number;
}

/** A failed attempt to reach a source. */
interface SourceFailure {
  readonly problem: Problem;
  /** How long the other side asked us to wait, in milliseconds. */
  readonly retryAfterMs?: number;
}

/** What the registry has for one application that follows an image. */
export interface FoundBuilds extends Follower {
  /** At least the best one by the policy under which it was asked for; empty when the repository is absent or denied. */
  readonly builds: readonly ImageBuild[];
  /** Builds that may not be taken; they tell how old the one in force is. */
  readonly others?: readonly ImageBuild[];
  /** Why there is none, or why a better one was passed over. */
  readonly problem?: Problem;
}

/** How one application's part of an engine run ended. */
export interface AppOutcome {
  readonly app: string;
  /** Absent when it went well. */
  readonly problem?: Problem;
  /** Whether any object was written or deleted. */
  readonly changed: boolean;
  /** What was written or deleted, as far as history keeps it. */
  readonly changes?: readonly ObjectChange[];
  /** Objects that were not deleted because they are somebody else's by now, each with the reason. */
  readonly spared?: readonly string[];
}

/** What can happen to the daemon, without its time. */
export type EventBody =
  | {
      readonly type: 'started';
      readonly remembered: Memory;
      readonly overrides: ImageOverrides;
      readonly outputs: StackOutputs;
    }
  | { readonly type: 'ticked' }
  /** The machine's clock was turned, forward or back. */
  | { readonly type: 'clockTurned'; readonly byMs: number }
  | { readonly type: 'pollRequested'; readonly source: 'git' | 'registry'; readonly by?: string }
  | { readonly type: 'headSeen'; readonly commit: string }
  | ({ readonly type: 'gitFailed' } & SourceFailure)
  | {
      readonly type: 'revisionSynthesized';
      readonly info: CommitInfo;
      readonly desired: DesiredState;
      /** Per application, a keyed hash of the secret values that it uses; empty text when it uses none. */
      readonly secretDigests: Readonly<Record<string, string>>;
      /** The same of definitions that are pinned. */
      readonly pinnedDigests?: Readonly<Record<string, string>>;
    }
  | ({ readonly type: 'revisionRejected'; readonly commit: string; readonly transient: boolean } & SourceFailure)
  | {
      readonly type: 'buildsListed';
      readonly poll: string;
      readonly found: readonly FoundBuilds[];
      /** Why there are none, where that needs a person. */
      readonly problem?: Problem;
    }
  | ({ readonly type: 'registryFailed'; readonly poll: string } & SourceFailure)
  | { readonly type: 'observed'; readonly app: string; readonly observation: AppObservation; readonly fresh: boolean }
  | { readonly type: 'lookFailed'; readonly app: string; readonly problem: Problem }
  | { readonly type: 'clusterSeen'; readonly reachable: boolean }
  | { readonly type: 'runFinished'; readonly run: number; readonly outcomes: readonly AppOutcome[] }
  | ({
      readonly type: 'runFailed';
      readonly run: number;
      /** What the stack says is deployed after its state was restored, or lost; absent when it is as it was. */
      readonly outputs?: StackOutputs;
    } & SourceFailure)
  | { readonly type: 'syncRequested'; readonly app: string; readonly by: string; readonly prune: boolean }
  | { readonly type: 'retryImageRequested'; readonly app: string; readonly by: string }
  | {
      readonly type: 'pauseRequested';
      /** Absent for all applications. */
      readonly app?: string;
      readonly by: string;
      /** @default - until a person says so */
      readonly forMs?: number;
      readonly reason?: string;
    }
  | { readonly type: 'resumeRequested'; readonly app?: string; readonly by: string }
  | {
      readonly type: 'rollbackRequested';
      readonly app: string;
      readonly by: string;
      readonly reason?: string;
      readonly prune: boolean;
      /** The commit whose definition it gets. @default - the one in force */
      readonly revision?: string;
      /** The versions that followed images get; the others go on being followed. */
      readonly images: Readonly<Record<string, string>>;
    }
  | { readonly type: 'definitionRecalled'; readonly app: string; readonly source: AppSource }
  | { readonly type: 'recallFailed'; readonly app: string; readonly revision: string; readonly problem: Problem }
  | { readonly type: 'unpinRequested'; readonly app: string; readonly by: string }
  | { readonly type: 'stopRequested' };

/** One thing that happened. */
export type DriverEvent = EventBody & Stamp;

/** The event of one type. */
export type EventOf<T extends EventBody['type']> = Extract<EventBody, { readonly type: T }> & Stamp;
