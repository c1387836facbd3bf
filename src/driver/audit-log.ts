import type { AuditEntry } from './core/effects.js';
import { openJournal } from './journal.js';

/** What persons did; kept across restarts, and bounded. */
export interface AuditLog {
  append(entry: AuditEntry): Promise<void>;
  /** The newest entries first; of one application when it is named. */
  list(limit: number, app?: string): readonly AuditEntry[];
}

const KEPT_ENTRIES = 5_000;

/** Opens the audit log in a file of one JSON entry a line. */
export async function openAuditLog(file: string): Promise<AuditLog> {
  let kept: AuditEntry[] = [];
  const { entries, append } = await openJournal({ file, parse: entryOf, kept: () => kept, limit: KEPT_ENTRIES });
  kept = entries.slice(-KEPT_ENTRIES);
  return {
    append(entry) {
      kept = [...kept, entry].slice(-KEPT_ENTRIES);
      return append(entry);
    },
    list: (limit, app) =>
      kept
        .filter((entry) => app === undefined || entry.app === app)
        .slice(-limit)
        .reverse(),
  };
}

function entryOf(value: unknown): AuditEntry | undefined {
  return value !== null && typeof value === 'object' && 'action' in value && 'at' in value
    ? (value as AuditEntry)
    : undefined;
}
