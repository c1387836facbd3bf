import type { AuditEntry } from '../driver/core/effects.js';
import type { DriverStatus } from '../driver/core/summarize.js';
import type { NumberedEntry } from '../driver/history.js';

/** What the API shows and asks of the daemon. */
export interface DaemonView {
  status(): DriverStatus;
  history(limit: number, app?: string): readonly NumberedEntry[];
  /** What persons did, newest first. */
  audit(limit: number, app?: string): readonly AuditEntry[];
  /**
   * Asks for a sync and resolves when it has ended.
   * @throws StalledError `app/unknown`
   */
  sync(app: string, options: SyncOptions): Promise<SyncOutcome>;
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
}

/** How a person wants an application synced. */
export interface SyncOptions {
  readonly by: string;
  /** Delete the objects of an application that left Git. */
  readonly prune: boolean;
  /** Try rolled-back images again. */
  readonly retryImages: boolean;
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
