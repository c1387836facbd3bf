import { isObject, objectAt, type JsonObject } from './json.js';

/**
 * The fields of a live object that a manager owns by server-side apply, in the notation of `fieldsV1`
 * (https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management), or undefined when it owns none.
 */
export function ownedFieldsOf(live: JsonObject, manager: string): JsonObject | undefined {
  const entries = objectAt(live, 'metadata')['managedFields'];
  const own = (Array.isArray(entries) ? entries : []).find(
    (entry) =>
      isObject(entry) && entry['manager'] === manager && entry['operation'] === 'Apply' && !('subresource' in entry),
  );
  const fields = isObject(own) ? own['fieldsV1'] : undefined;
  return isObject(fields) ? fields : undefined;
}

/** How the elements of a list are told apart. */
export type ListKind =
  | { readonly kind: 'keyed'; readonly keys: readonly string[] }
  | { readonly kind: 'set' }
  | { readonly kind: 'atomic' }
  | { readonly kind: 'unknown' };

/** What the owned fields below a list say about the list. */
export function listKindOf(owned: JsonObject | undefined): ListKind {
  if (owned === undefined) {
    return { kind: 'unknown' };
  }
  const marks = Object.keys(owned);
  const keyed = marks.find((mark) => mark.startsWith('k:'));
  if (keyed !== undefined) {
    return { kind: 'keyed', keys: Object.keys(JSON.parse(keyed.slice(2)) as JsonObject) };
  }
  return marks.some((mark) => mark.startsWith('v:')) ? { kind: 'set' } : { kind: 'atomic' };
}

/** The owned fields below one element of a keyed list. */
export function ownedElement(
  owned: JsonObject | undefined,
  element: JsonObject,
  keys: readonly string[],
): JsonObject | undefined {
  for (const [mark, fields] of Object.entries(owned ?? {})) {
    if (mark.startsWith('k:') && isObject(fields)) {
      const key = JSON.parse(mark.slice(2)) as JsonObject;
      if (keys.every((name) => key[name] === element[name])) {
        return fields;
      }
    }
  }
  return undefined;
}
