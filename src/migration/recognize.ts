import type { Piece } from './piece.js';
import type { AppFrame } from './plain-piece.js';
import type { SourceObject } from './source-object.js';

/** Constructs that may make several objects together. Each object is in one of them at most. */
export function proposeGroups(_objects: readonly SourceObject[], _frame: AppFrame): Piece[] {
  return [];
}

/** Constructs that may make one object each. A trial decides: a proposal may leave out what the construct cannot say. */
export function proposeSingles(_objects: readonly SourceObject[], _frame: AppFrame): Piece[] {
  return [];
}
