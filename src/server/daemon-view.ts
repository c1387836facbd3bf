import type { AuditEntry } from '../driver/core/effects.js';
import type { Orphan } from '../driver/core/orphans.js';
import type { Problem } from '../driver/core/state.js';
import type { DriverStatus } from '../driver/core/summarize.js';
import type { OrphanReport } from '../driver/orphans.js';
import type { NumberedEntry } from '../driver/history.js';

/** This daemon's part in an election. */
export interface LeadershipStatus {
  readonly isLeader: boolean;
  /** The name of this daemon. */
  readonly identity: string;
  /** Who leads, where that is known. */
  readonly holder?: string;
  /** `namespace/name` of the Lease. */
  readonly lease: string;
}

/** Everything that the daemon tells about itself and its surroundings. */
export interface DaemonStatus extends DriverStatus {
  /** Objects that nothing defines any more, as far as they were looked for; without those that were kept on purpose. */
  readonly orphans?: readonly Orphan[];
  /** Who of several daemons writes; absent where there is one only. */
  readonly leadership?: LeadershipStatus;
  /** What is wrong with a disk that the daemon writes to. */
  readonly disk?: Problem;
}

/** What the API shows and asks of the daemon. */
export interface DaemonView {
  status(): DaemonStatus;
  /**
   * Objects of this project in the cluster that nothing defines any more; looked for now.
   * @throws TransientError `cluster/unreachable`
   */
  orphans(): Promise<OrphanReport>;
  history(limit: number, app?: string): readonly NumberedEntry[];
  /** What persons did, newest first. */
  audit(limit: number, app?: string): readonly AuditEntry[];
  /**
   * Asks for a sync and resolves when its last stage has ended, or at once when that is not awaited.
   * @throws StalledError `app/unknown`
   */
  sync(app: string, options: SyncOptions): Promise<SyncOutcome>;
  /**
   * Puts an application back to something earlier and holds it there; resolves when that has ended.
   * @throws StalledError `app/unknown`, or `history/unknown` when there is nothing such to go back to
   */
  rollback(app: string, options: RollbackOptions): Promise<SyncOutcome>;
  /**
   * Lets an application follow Git and the registry again.
   * @throws StalledError `app/unknown`
   */
  unpin(app: string, options: { readonly by: string }): void;
  /** Polls a source now; for a person when one is named. */
  poll(source: 'git' | 'registry', by?: string): void;
  /**
   * Stops writing, of one application or of all; what runs now ends first.
   * @throws StalledError `app/unknown`
   */
  pause(app: string | undefined, options: PauseOptions): void;
  /**
   * Ends a pause.
   * @throws StalledError `app/unknown`
   */
  resume(app: string | undefined, options: { readonly by: string }): void;
  /** Sends a receiver of notifications a test now. */
  testReceiver(name: string): Promise<SyncOutcome>;
}

/** How a person wants an application synced. */
export interface SyncOptions {
  readonly by: string;
  /** Delete the objects of an application that left Git. */
  readonly prune: boolean;
  /** Try rolled-back images again. */
  readonly retryImages: boolean;
  /** Release what is pinned first. */
  readonly latest: boolean;
  /** Whether the end is awaited. */
  readonly wait: boolean;
  /** Ends the waiting, not the sync: nobody listens any more. */
  readonly signal?: AbortSignal;
}

/** Where a person wants an application put back to. Without any of the first three it is the state before the present one. */
export interface RollbackOptions {
  /** The number of a history entry. */
  readonly to?: number;
  /** A version of the image that the application follows, or `name:version` where it follows several. */
  readonly image?: string;
  /** A commit: complete, or the beginning of one that history has. */
  readonly revision?: string;
  readonly by: string;
  readonly reason?: string;
  readonly prune: boolean;
}

/** How a person wants a pause. */
export interface PauseOptions {
  readonly by: string;
  /** @default - until a person resumes */
  readonly forMs?: number;
  readonly reason?: string;
}

/** How a requested sync ended. */
export interface SyncOutcome {
  readonly ok: boolean;
  readonly message?: string;
}
