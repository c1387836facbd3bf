import type { Command } from 'commander';
import { formatDuration } from '../base/duration.js';
import type { AuditEntry } from '../driver/core/effects.js';
import type { NumberedEntry } from '../driver/history.js';
import { connectDaemon, withDaemonOption } from './daemon-client.js';
import { formatJson, formatTable, print, styleOfState } from './output.js';
import { imagesText } from './status.js';

interface ListOptions {
  readonly json?: boolean;
  readonly limit: string;
  readonly stateDirectory?: string;
}

/** Adds `prodesk history` and `prodesk audit`. */
export function registerHistoryCommand(program: Command): void {
  listCommand(program, 'history [app]', 'what happened to the applications, newest first').action(
    async (app: string | undefined, options: ListOptions) => {
      const entries = await connectDaemon(options).history(Number(options.limit), app);
      print(options.json === true ? formatJson(entries) : historyText(entries));
    },
  );
  listCommand(program, 'audit [app]', 'what persons did, newest first').action(
    async (app: string | undefined, options: ListOptions) => {
      const entries = await connectDaemon(options).audit(Number(options.limit), app);
      print(options.json === true ? formatJson(entries) : auditText(entries));
    },
  );
}

function listCommand(program: Command, usage: string, description: string): Command {
  return withDaemonOption(program.command(usage))
    .description(description)
    .option('--limit <n>', 'how many entries', '20')
    .option('--json', 'print one JSON document');
}

/** History as a table. */
export function historyText(entries: readonly NumberedEntry[]): string {
  return formatTable(entries, [
    { title: 'TIME', value: ({ at }) => new Date(at).toISOString() },
    { title: 'APP', value: ({ app }) => app },
    { title: 'NO', value: ({ id }) => String(id) },
    { title: 'WHAT', value: ({ kind }) => kind },
    { title: 'OUTCOME', value: ({ outcome }) => outcome, style: ({ outcome }) => styleOfState(outcome) },
    { title: 'TOOK', value: ({ durationMs }) => (durationMs === undefined ? '' : formatDuration(durationMs)) },
    { title: 'REVISION', value: ({ revision = '' }) => revision.slice(0, 7) },
    { title: 'IMAGES', value: ({ images }) => imagesText(images) || '-' },
    { title: 'BY', value: ({ by }) => by },
    { title: 'CHANGED', value: ({ changes = [] }) => String(changes.length || '-') },
    { title: 'WHY', value: ({ message, reason }) => message ?? reason ?? '' },
  ]);
}

/** The audit log as a table. */
export function auditText(entries: readonly AuditEntry[]): string {
  return formatTable(entries, [
    { title: 'TIME', value: ({ at }) => new Date(at).toISOString() },
    { title: 'BY', value: ({ by }) => by },
    { title: 'WHAT', value: ({ action }) => action },
    { title: 'APP', value: ({ app = 'all' }) => app },
    {
      title: 'MORE',
      value: ({ detail, reason, refused }) =>
        [detail, reason, refused === undefined ? undefined : `refused: ${refused}`].filter(Boolean).join('; '),
    },
  ]);
}
