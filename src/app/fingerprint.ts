import { createHash, createHmac } from 'node:crypto';
import { canonicalJson } from './canonical-json.js';
import type { Manifest } from './manifest.js';

/** A short hash of objects as they are: it changes when any field changes, and not with the order of keys. */
export function fingerprintOf(objects: readonly Manifest[]): string {
  return createHash('sha256').update(canonicalJson(objects)).digest('hex').slice(0, 16);
}

/** A short hash of what pods read from ConfigMaps and Secrets. @param key without one, the hash can be computed from the values alone */
export function configHashOf(sources: readonly object[], key: string): string {
  return createHmac('sha256', key).update(canonicalJson(sources)).digest('hex').slice(0, 16);
}
