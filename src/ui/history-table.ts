import { html } from 'hono/html';
import { formatDuration } from '../base/duration.js';
import type { ObjectChange } from '../driver/core/effects.js';
import type { NumberedEntry } from '../driver/history.js';
import type { Markup } from './layout.js';
import { appLink, commitOf, imagesOf, plain, stateOf, table, when } from './parts.js';

/** How {@link historyTable} shows entries. */
export interface HistoryOptions {
  readonly now: number;
  /** Whether each entry names its application. */
  readonly withApp: boolean;
}

/** What happened, newest first. Objects and fields are named, never shown. */
export function historyTable(entries: readonly NumberedEntry[], { now, withApp }: HistoryOptions): Markup {
  const app = { title: 'Application', cell: (entry: NumberedEntry) => appLink(entry.app) };
  return table(
    entries,
    [
      { title: 'When', cell: ({ at }) => when(at, now) },
      ...(withApp ? [app] : []),
      { title: 'No', cell: ({ id }) => String(id) },
      { title: 'What', cell: ({ kind }) => kind },
      { title: 'Outcome', cell: ({ outcome }) => stateOf(outcome) },
      { title: 'Took', cell: ({ durationMs }) => (durationMs === undefined ? '' : formatDuration(durationMs)) },
      { title: 'Revision', cell: ({ revision }) => commitOf(revision) },
      { title: 'Images', cell: ({ images }) => imagesOf(images) },
      { title: 'By', cell: ({ by }) => plain(by) },
      { title: 'Why', cell: ({ message, reason = '' }) => plain(message ?? reason) },
      { title: 'Changed', cell: ({ changes = [] }) => changesOf(changes) },
    ],
    'Nothing happened yet.',
  );
}

function changesOf(changes: readonly ObjectChange[]): Markup | string {
  if (changes.length === 0) {
    return '';
  }
  return html`<details>
    <summary>${changes.length === 1 ? '1 object' : `${changes.length} objects`}</summary>
    <ul>
      ${changes.map((change) => html`<li>${changeOf(change)}</li>`)}
    </ul>
  </details>`;
}

function changeOf({ object, operation, fields }: ObjectChange): Markup {
  return html`${operation} ${plain(object)}${fields.map((field) => html`<br /><code>${plain(field)}</code>`)}`;
}
