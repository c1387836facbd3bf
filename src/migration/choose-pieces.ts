import { keyOf, type ObjectKey } from '../app/manifest.js';
import { renderApp } from './app-source.js';
import type { Piece } from './piece.js';
import { type AppFrame, plainPiece } from './plain-piece.js';
import { PROPOSERS } from './recognize.js';
import type { SourceObject } from './source-object.js';
import type { Trial } from './trial.js';
import { verifyApp } from './verify.js';

/** The form that an object, or several together, got. */
export interface Choice {
  readonly piece: Piece;
  readonly why: string;
}

/** Finds the best form of every object: a construct where a trial shows that it makes exactly the same, else the plain one. */
export async function choosePieces(
  objects: readonly SourceObject[],
  frame: AppFrame,
  trial: Trial,
): Promise<readonly Choice[]> {
  const choices = new Map<ObjectKey, Choice>();
  const reasons = new Map<ObjectKey, string>();
  for (const propose of PROPOSERS) {
    const open = objects.filter(({ manifest }) => !choices.has(keyOf(manifest)));
    const verdicts = await tryPieces(propose(open, frame), frame, trial);
    for (const { piece, problems } of verdicts) {
      const choice = { piece, why: `${piece.construct} makes the same` };
      for (const key of piece.objects.map(({ manifest }) => keyOf(manifest))) {
        if (problems.length === 0) {
          choices.set(key, choice);
        } else {
          reasons.set(key, `${piece.construct} would differ: ${problems.slice(0, 3).join('; ')}`);
        }
      }
    }
  }
  const chosen = objects.map((object) => {
    const key = keyOf(object.manifest);
    const why = reasons.get(key) ?? `no construct fits this ${object.manifest.kind}`;
    return choices.get(key) ?? { piece: plainPiece(object, frame), why };
  });
  return [...new Set(chosen)];
}

/** Each piece as an application of its own, so that one which is refused spoils no other. */
export async function tryPieces(
  pieces: readonly Piece[],
  { namespace, secrets }: AppFrame,
  trial: Trial,
): Promise<{ readonly piece: Piece; readonly problems: readonly string[] }[]> {
  if (pieces.length === 0) {
    return [];
  }
  const named = pieces.map((piece, index) => ({ piece, app: `trial-${index + 1}` }));
  const header = { namespace, sync: 'auto', images: [], comment: [] } as const;
  const apps = Object.fromEntries(
    named.map(({ piece, app }) => [app, [{ path: 'app.ts', text: renderApp(header, [piece]) }, ...piece.files]]),
  );
  const values = named.flatMap(({ app }) => secrets.valuesFor(app));
  const state = await trial(
    apps,
    values.map(({ key }) => key),
  );
  return named.map(({ piece, app }) => ({
    piece,
    problems: verifyApp(state, app, piece.objects, secrets.resolvedFor(app)),
  }));
}
