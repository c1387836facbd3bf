import { html } from 'hono/html';
import { shortVersion } from '../app/image.js';
import { formatDuration } from '../base/duration.js';
import { oneLine } from '../base/visible-text.js';
import { gradeOf } from '../server/status-lines.js';
import type { Markup } from './layout.js';

/** One column of a table. */
export interface Column<Row> {
  readonly title: string;
  readonly cell: (row: Row) => Markup | string;
}

/** Text of others: on one line, without characters that turn or hide what is beside them. It is escaped where it is put in. */
export function plain(text: string): string {
  return oneLine(text);
}

/** Rows under titles; `nothing` where there are none. */
export function table<Row>(rows: readonly Row[], columns: readonly Column<Row>[], nothing: string): Markup {
  if (rows.length === 0) {
    return html`<p class="dim">${nothing}</p>`;
  }
  return html`<div class="scroll">
    <table>
      <thead>
        <tr>
          ${columns.map(({ title }) => html`<th scope="col">${title}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${columns.map(({ cell }) => html`<td>${cell(row)}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

/** A state such as `Synced`, in its colour. The word says it, too. */
export function stateOf(state: string): Markup {
  return html`<span class="${gradeOf(state)}">${plain(state)}</span>`;
}

/** The link to an application's own page. */
export function appLink(name: string): Markup {
  return html`<a href="/apps/${encodeURIComponent(name)}">${plain(name)}</a>`;
}

/** A moment as people say it, such as `3m ago` or `in 40s`; exactly where it is pointed at. */
export function when(at: number, now: number): Markup {
  const apart = formatDuration(Math.abs(at - now));
  const iso = new Date(at).toISOString();
  return html`<time datetime="${iso}" title="${iso}">${at > now ? `in ${apart}` : `${apart} ago`}</time>`;
}

/** The first digits of a commit. */
export function commitOf(revision: string | undefined): Markup {
  return revision === undefined ? html`<span class="dim">-</span>` : html`<code>${plain(revision.slice(0, 7))}</code>`;
}

/** Image versions, one a line; with the end of each image's name where there are several. */
export function imagesOf(images: Readonly<Record<string, string>>): Markup {
  const entries = Object.entries(images);
  if (entries.length === 0) {
    return html`<span class="dim">-</span>`;
  }
  return html`${entries.map(([image, version], index) => {
    const name = entries.length > 1 ? `${image.split('/').at(-1) ?? image}:` : '';
    return html`${index === 0 ? '' : html`<br />`}<code title="${plain(image)}"
        >${plain(name + shortVersion(version))}</code
      >`;
  })}`;
}

/** Facts in a list; nothing where there are none. */
export function facts(lines: readonly string[]): Markup | string {
  return lines.length === 0 ? '' : html`<div class="box">${lines.map((line) => html`<p>${plain(line)}</p>`)}</div>`;
}
