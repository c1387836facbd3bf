import { createHash } from 'node:crypto';
import { pointerSteps } from '../app/json-pointer.js';
import { isRecord, type KubeObject, type ManagedFieldsEntry } from './kube-object.js';

type FieldSet = Readonly<Record<string, unknown>>;

/**
 * The entry of a manager's server-side apply. Undefined when there is none, or when it was written in another version of the kind, whose field names
 * may not fit the object.
 */
export function findApplyEntry(
  object: KubeObject,
  manager: string,
  apiVersion: string,
): ManagedFieldsEntry | undefined {
  const entries = (object.metadata.managedFields ?? []).filter(
    (entry) => entry.manager === manager && entry.operation === 'Apply' && (entry.subresource ?? '') === '',
  );
  return entries.length === 1 && entries[0]?.apiVersion === apiVersion ? entries[0] : undefined;
}

/**
 * A hash of the fields that an entry owns and of their values in the object. As long as it stays the same nobody changed an owned field: another writer
 * takes it out of the entry, and the same manager changes the value. Rule: Kubernetes' server-side apply.
 */
export function ownedHash(object: KubeObject, entry: ManagedFieldsEntry): string {
  const fields = entry.fieldsV1 ?? {};
  return hashOf(JSON.stringify([fields, project(fields, object)]));
}

/** A hash of the fields that an entry owns, whatever their values. */
export function fieldSetHash(entry: ManagedFieldsEntry): string {
  return hashOf(JSON.stringify(entry.fieldsV1 ?? {}));
}

/** A short hash of text. */
export function hashOf(text: string | Buffer): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 16);
}

/**
 * The manager that last wrote a field, apart from `except`'s apply entries. Undefined when nobody else owns it.
 * @param pointer a JSON pointer into the object
 */
export function findWriter(object: KubeObject, pointer: string, except: string): string | undefined {
  const segments = pointerSteps(pointer);
  const writers = (object.metadata.managedFields ?? []).filter(
    (entry) =>
      !(entry.manager === except && entry.operation === 'Apply') &&
      (entry.subresource ?? '') !== 'status' &&
      owns(entry.fieldsV1 ?? {}, object, segments),
  );
  const newest = writers.reduce<ManagedFieldsEntry | undefined>(
    (best, entry) => (best === undefined || (entry.time ?? '') >= (best.time ?? '') ? entry : best),
    undefined,
  );
  return newest?.manager;
}

/** The part of a value that a field set names. */
function project(fields: FieldSet, value: unknown): unknown {
  const names = Object.keys(fields);
  if (names.length === 0) {
    return value ?? null;
  }
  return names.map((name) =>
    name === '.' ? value !== undefined : project(childOf(fields, name), select(name, value)),
  );
}

/** The part of a value that one name of a field set stands for: `f:` a property, `k:` an item by its keys, `v:` an item by its value, `i:` by its index. */
function select(name: string, value: unknown): unknown {
  const rest = name.slice(2);
  if (name.startsWith('f:')) {
    return isRecord(value) ? value[rest] : undefined;
  }
  if (!Array.isArray(value)) {
    return undefined;
  }
  const items: readonly unknown[] = value;
  if (name.startsWith('i:')) {
    return items[Number(rest)];
  }
  const wanted: unknown = JSON.parse(rest);
  return items.find((item) => (name.startsWith('k:') ? hasKeys(item, wanted) : item === wanted));
}

function hasKeys(item: unknown, keys: unknown): boolean {
  return isRecord(item) && isRecord(keys) && Object.entries(keys).every(([key, value]) => item[key] === value);
}

function owns(fields: FieldSet, value: unknown, segments: readonly string[]): boolean {
  const [segment, ...rest] = segments;
  const names = Object.keys(fields);
  if (segment === undefined || names.length === 0) {
    return true;
  }
  const child = isRecord(value)
    ? value[segment]
    : Array.isArray(value)
      ? (value as unknown[])[Number(segment)]
      : undefined;
  const name = names.find((candidate) =>
    candidate.startsWith('f:')
      ? candidate.slice(2) === segment
      : candidate !== '.' && select(candidate, [child]) === child,
  );
  return name !== undefined && owns(childOf(fields, name), child, rest);
}

function childOf(fields: FieldSet, name: string): FieldSet {
  const child = fields[name];
  return isRecord(child) ? child : {};
}
