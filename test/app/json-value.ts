import fc from 'fast-check';
import type { Manifest } from '../../src/app/manifest.js';

/** Any JSON value. */
export const jsonValue = fc.jsonValue({ noUnicodeString: false });

/** The same value with the keys of each object in another order. */
export function withReversedKeys(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(withReversedKeys);
  }
  if (value === null || typeof value !== 'object') {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, item]) => [key, withReversedKeys(item)]),
  );
}

/** A small object of a kind. */
export function manifestOf(kind: string, fields: Partial<Manifest> = {}): Manifest {
  return { apiVersion: 'v1', kind, metadata: { name: 'x', namespace: 'prodesk' }, ...fields };
}
