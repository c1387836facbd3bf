import { createHash } from 'node:crypto';
import { canonicalJson } from './canonical-json.js';
import type { Manifest } from './manifest.js';

/** A short hash of objects as they are: it changes when any field changes, and not with the order of keys. */
export function fingerprintOf(objects: readonly Manifest[]): string {
  return createHash('sha256').update(canonicalJson(objects)).digest('hex').slice(0, 16);
}
