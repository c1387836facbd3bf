import { createHash } from 'node:crypto';
import { objectAt, type JsonObject } from './json.js';
import { annotationOf, nameIn } from './manifest.js';

const AUTONAMED = 'pulumi.com/autonamed';
const FIELD_MANAGER = 'pulumi.com/patchFieldManager';

/** What the engine says about automatic names. */
export interface Autonaming {
  readonly mode: 'propose' | 'enforce' | 'disable';
  readonly proposed: string;
}

/** What an automatic name is made from. */
export interface NameSource {
  /** The name of the Pulumi resource. */
  readonly resourceName: string;
  /** Equal seeds give equal names. */
  readonly seed: Uint8Array;
  readonly autonaming?: Autonaming;
}

/**
 * Gives an object a name when it has none: the one it had before, or a new one.
 * An object with `generateName` is left alone: the API server names it. So is everything when automatic names are switched off.
 */
export function withName(inputs: JsonObject, oldInputs: JsonObject, source: NameSource): JsonObject {
  const metadata = objectAt(inputs, 'metadata');
  if (nameIn(inputs) !== undefined || metadata['generateName'] !== undefined) {
    return inputs;
  }
  const old = isAutonamed(oldInputs) ? nameIn(oldInputs) : undefined;
  const name = old ?? newName(source);
  if (name === undefined) {
    return inputs;
  }
  const annotations = { ...objectAt(metadata, 'annotations'), [AUTONAMED]: 'true' };
  return { ...inputs, metadata: { ...metadata, name, annotations } };
}

/** Whether a name was made by Pulumi, so that a replacement may have another one. */
export function isAutonamed(inputs: JsonObject): boolean {
  return annotationOf(inputs, AUTONAMED) === 'true';
}

/** The field manager of an object: what its annotation says, else the one in the state, else a new one for this resource. */
export function fieldManagerOf(manifest: JsonObject, inState: string | undefined, urn: string): string {
  return annotationOf(manifest, FIELD_MANAGER) ?? inState ?? `pulumi-kubernetes-${hash(urn)}`;
}

function newName({ resourceName, seed, autonaming }: NameSource): string | undefined {
  switch (autonaming?.mode) {
    case 'disable':
      return undefined;
    case 'enforce':
    case 'propose':
      return autonaming.proposed;
    case undefined:
      return `${resourceName.toLowerCase()}-${hash(resourceName, seed)}`;
  }
}

function hash(text: string, seed: Uint8Array = new Uint8Array()): string {
  return createHash('sha256').update(seed).update(text).digest('hex').slice(0, 8);
}
