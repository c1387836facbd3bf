import { html } from 'hono/html';
import type { AppStatus, SourceStatus } from '../driver/core/summarize.js';
import type { DaemonStatus } from '../server/daemon-view.js';
import { messageText, policyText, statusLines } from '../server/status-lines.js';
import type { NumberedEntry } from '../driver/history.js';
import { historyTable } from './history-table.js';
import type { Markup, PageContent } from './layout.js';
import { appLink, commitOf, facts, imagesOf, plain, stateOf, table, when } from './parts.js';

/** What the first page shows. */
export interface OverviewFacts {
  readonly status: DaemonStatus;
  /** Of all applications, newest first. */
  readonly history: readonly NumberedEntry[];
  readonly now: number;
}

/** The page of all applications. */
export function overviewPage({ status, history, now }: OverviewFacts): PageContent {
  const { apps, sources } = status;
  const body = html`<h1>prodesk</h1>
    ${revisionLine(status, now)}
    <p>${countsOf(apps)}</p>
    ${facts(statusLines(status))}
    <h2>Applications</h2>
    ${appTable(apps, now)}
    <h2>Sources</h2>
    ${sourceTable(sources, now)}
    <h2>History</h2>
    ${historyTable(history, { now, withApp: true })}`;
  return { title: 'Applications', body };
}

function revisionLine({ revision }: DaemonStatus, now: number): Markup {
  return revision === undefined
    ? html`<p class="dim">no revision yet</p>`
    : html`<p>${commitOf(revision.commit)} ${plain(revision.subject)}, ${when(revision.committedAt, now)}</p>`;
}

function countsOf(apps: readonly AppStatus[]): string {
  const synced = apps.filter(({ sync }) => sync === 'Synced').length;
  const healthy = apps.filter(({ health }) => health.status === 'Healthy').length;
  return `${apps.length} applications: ${synced} Synced, ${healthy} Healthy`;
}

function appTable(apps: readonly AppStatus[], now: number): Markup {
  return table(
    apps,
    [
      { title: 'Application', cell: ({ name }) => appLink(name) },
      { title: 'Sync', cell: ({ sync }) => stateOf(sync) },
      { title: 'Health', cell: ({ health }) => stateOf(health.status) },
      { title: 'Policy', cell: policyText },
      { title: 'Revision', cell: ({ revision }) => commitOf(revision) },
      { title: 'Images', cell: ({ images }) => imagesOf(images) },
      { title: 'Message', cell: (app) => plain(messageText(app, now)) },
    ],
    'There are no applications.',
  );
}

function sourceTable(sources: readonly SourceStatus[], now: number): Markup {
  return table(
    sources,
    [
      { title: 'Source', cell: ({ name }) => plain(name) },
      {
        title: 'Last answer',
        cell: ({ lastSuccessAt }) => (lastSuccessAt === undefined ? 'none yet' : when(lastSuccessAt, now)),
      },
      { title: 'Next poll', cell: ({ nextPollAt }) => (nextPollAt <= now ? 'now' : when(nextPollAt, now)) },
      { title: 'Problem', cell: ({ problem }) => plain(problem?.message ?? '') },
    ],
    'There are no sources.',
  );
}
