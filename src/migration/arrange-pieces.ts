import type { Piece } from './piece.js';
import { type AppFrame, canBeFile, filePiece } from './plain-piece.js';

/** More lines than this in one `app.ts` are hard to read; the linter allows 400. */
const MAX_LINES = 380;
/** Plain objects with more lines than this go to a file, the longest first, until the rest fits. */
const THRESHOLDS = [150, 80, 40, 20, 0];

/** Puts long plain objects into files beside the application, as few as possible, and gives the code of the rest. */
export async function arrangePieces(
  pieces: readonly Piece[],
  frame: AppFrame,
  render: (pieces: readonly Piece[]) => Promise<string>,
): Promise<{ readonly pieces: readonly Piece[]; readonly code: string }> {
  let arranged = pieces;
  let code = '';
  for (const threshold of THRESHOLDS) {
    const taken = new Set(arranged.flatMap(({ files }) => files.map(({ path }) => path)));
    arranged = arranged.map((piece) => (linesOf(piece) > threshold ? asFile(piece, frame, taken) : piece));
    code = await render(arranged);
    if (code.split('\n').length <= MAX_LINES) {
      break;
    }
  }
  return { pieces: arranged, code };
}

function asFile(piece: Piece, frame: AppFrame, taken: Set<string>): Piece {
  const [object] = piece.objects;
  if (piece.construct !== 'ApiObject' || object === undefined || !canBeFile(object)) {
    return piece;
  }
  const file = filePiece(object, frame, taken);
  file.files.forEach(({ path }) => taken.add(path));
  return file;
}

function linesOf({ props, objects }: Piece): number {
  const [object] = objects;
  return JSON.stringify(object?.manifest ?? props, null, 2)
    .replaceAll('\\n', '\n')
    .split('\n').length;
}
