import { formatVersion, parseImage } from '../app/image.js';
import { StalledError } from '../base/errors.js';
import type { AppState } from '../driver/core/state.js';
import type { NumberedEntry } from '../driver/history.js';
import type { RollbackOptions } from './daemon-view.js';

/** What an application is to be put back to, as the decisions take it. */
export interface RollbackGoal {
  readonly revision?: string;
  readonly images: Readonly<Record<string, string>>;
}

const COMPLETE_COMMIT = /^[0-9a-f]{40}([0-9a-f]{24})?$/;
/** A tag, a digest, or both. */
const VERSION = /^(?!sha256:)[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}(@sha256:[0-9a-f]{64})?$|^sha256:[0-9a-f]{64}$/;
const DEPLOYING = new Set(['sync', 'image', 'rollback']);

/**
 * What a person means, looked up in an application's history.
 * @param entries its history, newest first
 * @throws StalledError `history/unknown` when it cannot be found
 */
export function rollbackGoal(
  app: AppState,
  entries: readonly NumberedEntry[],
  { to, image, revision }: Pick<RollbackOptions, 'to' | 'image' | 'revision'>,
): RollbackGoal {
  if (image !== undefined || revision !== undefined) {
    return {
      images: image === undefined ? {} : imageGoal(app, image),
      ...(revision !== undefined && { revision: commitGoal(entries, app.name, revision) }),
    };
  }
  const entry = to === undefined ? stateBefore(app, entries) : entries.find(({ id }) => id === to);
  if (entry?.revision === undefined || !DEPLOYING.has(entry.kind)) {
    const which = to === undefined ? 'no earlier state that was Healthy' : `no deployment with the number ${to}`;
    throw new StalledError('history/unknown', `the history of ${app.name} has ${which}`);
  }
  return { images: entry.images, revision: entry.revision };
}

/** The newest state that was Healthy and is not the present one. */
function stateBefore({ target }: AppState, entries: readonly NumberedEntry[]): NumberedEntry | undefined {
  return entries.find(
    ({ outcome, revision, images }) =>
      outcome === 'healthy' && (revision !== target?.revision || !isSame(images, target?.images ?? {})),
  );
}

function isSame(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}

function imageGoal({ name, definition }: AppState, text: string): Record<string, string> {
  const followed = (definition?.images ?? []).map(({ image }) => image);
  const named = followed.find((image) => text.startsWith(`${image}:`) || text.startsWith(`${image}@`));
  const [only, ...others] = followed;
  if (named !== undefined) {
    return { [named]: versionOf(formatVersion(parseImage(text))) };
  }
  if (only === undefined || others.length > 0 || text.includes('/')) {
    const what = only === undefined ? 'follows no image' : `follows ${followed.join(', ')}; write IMAGE:TAG`;
    throw new StalledError('history/unknown', `${name} ${what}`);
  }
  return { [only]: versionOf(text) };
}

function versionOf(text: string): string {
  if (!VERSION.test(text)) {
    throw new StalledError('history/unknown', `"${text}" is neither a tag nor a digest`);
  }
  return text;
}

function commitGoal(entries: readonly NumberedEntry[], app: string, text: string): string {
  if (COMPLETE_COMMIT.test(text)) {
    return text;
  }
  const commits = new Set(entries.flatMap(({ revision = '' }) => (revision.startsWith(text) ? [revision] : [])));
  const [only, ...others] = commits;
  if (only === undefined || others.length > 0 || text === '') {
    const what = others.length > 0 ? 'several commits' : 'no commit';
    throw new StalledError('history/unknown', `the history of ${app} has ${what} "${text}"; write all 40 characters`);
  }
  return only;
}
