import { isObject, type Json } from './json.js';
import type { PropertyPath } from './property-path.js';

/** One place where two objects differ. */
export interface Difference {
  readonly path: PropertyPath;
  readonly kind: 'add' | 'delete' | 'update';
}

/** Where `next` differs from `previous`. Lists are compared element by element. */
export function differencesOf(
  previous: Json | undefined,
  next: Json | undefined,
  path: PropertyPath = [],
): Difference[] {
  if (previous === next) {
    return [];
  }
  if (previous === undefined || next === undefined) {
    return [{ path, kind: previous === undefined ? 'add' : 'delete' }];
  }
  if (isObject(previous) && isObject(next)) {
    const keys = new Set([...Object.keys(previous), ...Object.keys(next)]);
    return [...keys].flatMap((key) => differencesOf(previous[key], next[key], [...path, key]));
  }
  if (Array.isArray(previous) && Array.isArray(next)) {
    const length = Math.max(previous.length, next.length);
    return Array.from({ length }, (_, index) => differencesOf(previous[index], next[index], [...path, index])).flat();
  }
  return [{ path, kind: 'update' }];
}
