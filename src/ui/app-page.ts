import { html } from 'hono/html';
import { shortVersion } from '../app/image.js';
import type { AuditEntry } from '../driver/core/effects.js';
import type { AppStatus } from '../driver/core/summarize.js';
import type { NumberedEntry } from '../driver/history.js';
import { messageText, policyText } from '../server/status-lines.js';
import { historyTable } from './history-table.js';
import type { Markup, PageContent } from './layout.js';
import { commitOf, facts, plain, stateOf, table, when } from './parts.js';

/** What an application's page shows. */
export interface AppFacts {
  readonly app: AppStatus;
  /** Newest first, as all that follows. */
  readonly history: readonly NumberedEntry[];
  readonly audit: readonly AuditEntry[];
  readonly now: number;
}

/** The page of one application. */
export function appPage({ app, history, audit, now }: AppFacts): PageContent {
  const body = html`<p><a href="/">All applications</a></p>
    <h1>${plain(app.name)}</h1>
    <p>${stateOf(app.sync)}, ${stateOf(app.health.status)}</p>
    ${facts(noticesOf(app, now))} ${table(summaryOf(app, now), NAMED, '')}
    <h2>Images</h2>
    ${imageTable(app)}
    <h2>Objects that are not as they should be</h2>
    ${differenceTable(app)}
    <h2>History</h2>
    ${historyTable(history, { now, withApp: false })}
    <h2>What persons did</h2>
    ${auditTable(audit, now)}`;
  return { title: plain(app.name), body };
}

type NamedFact = readonly [string, Markup | string];

const NAMED = [
  { title: 'Fact', cell: ([name]: NamedFact) => name },
  { title: 'Value', cell: ([, value]: NamedFact) => value },
];

/** Why it is as it is, each reason once. */
function noticesOf(app: AppStatus, now: number): string[] {
  const message = messageText(app, now);
  const problems = app.problems.map((problem) => `${problem.code}: ${problem.message}`);
  const isTold = app.problems.some((problem) => message.startsWith(problem.message));
  return [...(message === '' || isTold ? [] : [message]), ...problems];
}

function summaryOf(app: AppStatus, now: number): NamedFact[] {
  const { operation, window, waitsFor, pinned, retryAt } = app;
  return [
    ['Namespace', plain(app.namespace)],
    ['Policy', policyText(app)],
    ['Revision', commitOf(app.revision)],
    ...fact(
      'Pinned',
      pinned && html`by ${plain(pinned.by)}, ${when(pinned.at, now)}: ${plain(pinned.reason ?? 'no reason given')}`,
    ),
    ...fact('Runs now', operation && html`${operation.kind}, since ${when(operation.startedAt, now)}`),
    ...fact('Sync window', window && (window.open ? 'open' : 'closed')),
    ...fact('Waits for', waitsFor && plain(waitsFor.join(', '))),
    ...fact('Next try', retryAt !== undefined && retryAt > now ? when(retryAt, now) : undefined),
  ];
}

function fact(name: string, value: Markup | string | undefined): NamedFact[] {
  return value === undefined ? [] : [[name, value]];
}

function imageTable({ images, pinned, badImages }: AppStatus): Markup {
  const whyOf = (image: string, version: string): string => {
    const bad = badImages.findLast((one) => one.image === image && one.restored === version);
    if (pinned?.images[image] !== undefined) {
      const newer = pinned.newer[image] ?? '';
      return newer === '' ? 'pinned' : `pinned; ${shortVersion(newer)} waits`;
    }
    return bad === undefined ? 'follows its policy' : `rolled back from ${shortVersion(bad.tag)}: ${bad.reason}`;
  };
  return table(
    Object.entries(images),
    [
      { title: 'Image', cell: ([image]) => plain(image) },
      { title: 'Version', cell: ([, version]) => html`<code>${plain(version)}</code>` },
      { title: 'Why', cell: ([image, version]) => plain(whyOf(image, version)) },
    ],
    'It follows no image.',
  );
}

function differenceTable({ differences }: AppStatus): Markup {
  return table(
    differences,
    [
      { title: 'Object', cell: ({ ref }) => plain(`${ref.kind} ${ref.namespace ?? ''}/${ref.name}`) },
      { title: 'State', cell: ({ state }) => stateOf(state) },
      { title: 'Fields', cell: ({ drift }) => html`${drift.map((field) => html`<code>${plain(field)}</code><br />`)}` },
      { title: 'Changed by', cell: ({ driftManager = '' }) => plain(driftManager) },
      { title: 'Problem', cell: ({ problem, health }) => plain(problem ?? health.message ?? '') },
    ],
    'None.',
  );
}

function auditTable(entries: readonly AuditEntry[], now: number): Markup {
  return table(
    entries,
    [
      { title: 'When', cell: ({ at }) => when(at, now) },
      { title: 'By', cell: ({ by }) => plain(by) },
      { title: 'What', cell: ({ action }) => action },
      {
        title: 'More',
        cell: ({ detail, reason, refused }) =>
          plain([detail, reason, refused && `refused: ${refused}`].filter(Boolean).join('; ')),
      },
    ],
    'Nothing yet.',
  );
}
